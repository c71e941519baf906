/**
 * Ways to take a host of WASI 0.3 at its word, most of them a cure of docs/platforms.md taken out:
 * events that are lost, counts that are not true, what is under way and forgotten, what is never
 * given back. Played as a component.
 */

/** @type {(readonly [name: string, within: number, file: string, from: string, to: string])[]} */
const WAYS = [
  [
    "a second read",
    5,
    "read_ahead.ts",
    "if (!this.isReading && !this.isAnswered) this.start();",
    "if (!this.isAnswered) this.start();",
  ],
  ["a read is not called off", 5, "read_ahead.ts", "      this.cancelRead();\n", ""],
  [
    "a read is called off in its set",
    5,
    "read_ahead.ts",
    "    discharge(this.input);\n    if (this.isReading",
    "    if (this.isReading",
  ],
  [
    "a read is called off that is over",
    20,
    "read_ahead.ts",
    "if (this.isReading && !this.isOver) {",
    "if (!this.isOver) {",
  ],
  ["a count too many", 5, "read_ahead.ts", "countOf(answer);", "countOf(answer) + 1;"],
  [
    "bytes are told twice",
    10,
    "read_ahead.ts",
    "    this.at += bytes;\n",
    "    this.at += bytes > 100 ? bytes - 1 : bytes;\n",
  ],
  [
    "what is left of a buffer is lost",
    100,
    "read_ahead.ts",
    "    this.at += bytes;\n",
    "    this.at = this.length;\n",
  ],
  [
    "a write is not called off",
    5,
    "connection.ts",
    "      answer = tcp.cancelWrite(this.output);\n",
    "      answer = 0;\n",
  ],
  [
    "a write is called off in its set",
    20,
    "connection.ts",
    "    if (this.isWritePending) {\n      discharge(this.output);",
    "    if (this.isWritePending) {",
  ],
  [
    "a part is taken for all",
    5,
    "connection.ts",
    "if (taken > 0 || length == 0) return taken;",
    "if (taken > 0 || length == 0) return length;",
  ],
  ["room is never heard of", 10, "connection.ts", "      enlist(this.output, this);\n", ""],
  [
    "news of room is no news",
    20,
    "connection.ts",
    "      this.hasRoom(payload);\n    }\n    this.changed();",
    "      this.hasRoom(payload);\n      return;\n    }\n    this.changed();",
  ],
  [
    "a write of nothing is forgotten",
    20,
    "connection.ts",
    "if (this.isWritePending) return false;",
    "",
  ],
  ["a gone peer is written to", 40, "connection.ts", "if (this.isBroken) return -CONNRESET;", ""],
  [
    "a reset is an end",
    40,
    "connection.ts",
    "if (load<u8>(this.buffer) != 0) this.failure =",
    "if (load<u8>(this.buffer) > 9) this.failure =",
  ],
  ["how it ended is never heard", 5, "connection.ts", "enlist(this.ending, this);", ""],
  ["half a connection is kept", 5, "connection.ts", "tcp.dropReceiveStream(input);", ""],
  ["an ending is kept", 10, "connection.ts", "    tcp.dropEnding(this.ending);\n", ""],
  ["half closed is not told", 5, "connection.ts", "    tcp.dropSendStream(this.output);\n", ""],
  [
    "an accept that fails is tried at once",
    40,
    "listener.ts",
    "    this.state = State.RESTING;",
    "    this.state = State.IDLE;",
  ],
  [
    "a rest is never over",
    40,
    "listener.ts",
    "  resume(): void {\n    this.state = State.IDLE;",
    "  resume(): void {",
  ],
  ["why an accept fails is not told", 40, "listener.ts", "this.failure = errno;", ""],
  [
    "a socket is kept",
    5,
    "listener.ts",
    "    countCall();\n    tcp.dropSocket(socket);\n  }",
    "  }",
  ],
  ["a dead socket is let in", 20, "listener.ts", "if (bytes > 0) {", "if (bytes != 0) {"],
  [
    "a timer is stopped in its set",
    5,
    "timer.ts",
    "if (!this.isSet) return;\n    discharge(this.subtask);",
    "if (!this.isSet) return;",
  ],
  ["a timer is not called off", 5, "timer.ts", "    canonical.cancelSubtask(this.subtask);\n", ""],
  ["a timer is kept", 5, "timer.ts", "    canonical.dropSubtask(this.subtask);\n", ""],
  [
    "a timer goes off for the first of all times",
    10,
    "timer.ts",
    "if (this.isSet && this.due <= due) return;",
    "if (this.isSet) return;",
  ],
  ["the end of stdin is not heard", 40, "stdio.ts", "    this.ended = true;\n", ""],
  [
    "a ready key is forgotten",
    10,
    "../../selectors/waitable_selector.ts",
    "watchOf(this.ready[i].key).onChange();",
    "{}",
  ],
  [
    "a key that changes is not looked at",
    10,
    "../../selectors/waitable_selector.ts",
    "    watchOf(key).onChange();\n  }",
    "  }",
  ],
  [
    "a cut file goes on where it ended before",
    60,
    "files.ts",
    "if (error == 0) file.position = size;",
    "",
  ],
  ["a file is begun again", 60, "files.ts", "  file.position = size;\n  return fd;", "  return fd;"],
  [
    "nothing is made safe",
    100,
    "files.ts",
    "fs.syncData(file.handle, fs.ANSWER);",
    "store<u8>(fs.ANSWER, 0);",
  ],
];

/** @type {import("./mutations_net.mjs").Mutation[]} */
export const COMPONENT_MUTATIONS = WAYS.map(([name, within, file, from, to]) => ({
  name: `component: ${name}`,
  ...{ within, abi: "p3", file: `wasi/preview3/${file}`, from, to },
}));
