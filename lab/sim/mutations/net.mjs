/**
 * Mutations of the network code: input, output and their limits. Each replaces one text in one
 * file.
 */

/**
 * @typedef {object} Mutation
 * @property {string} name
 * @property {number} within the number of worlds in which it must be detected
 * @property {"shortage" | "irc"} [in] the kind of worlds; ordinary ones by default
 * @property {import("../spec.js").Abi} [abi] `p3`: the component is played
 * @property {string} file path below assembly/
 * @property {string} from
 * @property {string} to
 */

/** @type {Mutation[]} */
export const NET_MUTATIONS = [
  {
    name: "a first line of one word and blanks",
    within: 150,
    file: "net/framing/foreign_protocol.ts",
    from: 'if (words.length < 2) return "";',
    to: "",
  },
  {
    name: "a client that breaks is closed while it is listed",
    within: 20,
    file: "net/connection/connection.ts",
    from: "if (this.isOpen) this.markFor(CloseReason.BROKEN);\n    else this.giveUp();",
    to: "this.giveUp();",
  },
  {
    name: "off by one in the outbox cursor",
    within: 10,
    file: "net/sending/outbox.ts",
    from: "this.spans[this.first * 2] = from + left;",
    to: "this.spans[this.first * 2] = from + left - 1;",
  },
  {
    name: "forgotten EAGAIN",
    within: 10,
    file: "net/sending/outbox.ts",
    from: "if (sent == -AGAIN) return 0;",
    to: "",
  },
  {
    name: "write interest never dropped",
    within: 10,
    file: "net/connection/connection.ts",
    from: "(this.outbox.queuedBytes > 0 ? EVENT_WRITE : 0)",
    to: "(this.outbox.queuedBytes > 0 ? EVENT_WRITE : this.watched & EVENT_WRITE)",
  },
  {
    name: "close without reap",
    within: 20,
    file: "net/connection/connection.ts",
    from: "this.set.noteDead(this);",
    to: "if (this.reason != CloseReason.QUIT) this.set.noteDead(this);",
  },
  {
    name: "unsanitised byte",
    within: 40,
    file: "text/sanitize.ts",
    from: "return code == TAB ? TAB : CONTROL_PICTURES + code;",
    to: "return code == TAB ? TAB : code;",
  },
  {
    name: "limit ignored",
    within: 40,
    file: "net/connection/slow_consumer_policy.ts",
    from: "if (owed > limits.hardBytes) return",
    to: "if (owed / 2 > limits.hardBytes) return",
  },
  {
    name: "lost partial line",
    within: 40,
    file: "net/framing/line_reader.ts",
    from: "if (length > 0 && !this.skipping)",
    to: "if (length > 1 && !this.skipping)",
  },
  {
    name: "double flush",
    within: 10,
    file: "net/sending/outbox.ts",
    from: "this.advance(sent);",
    to: "if (<i32>sent == this.gathered) this.advance(sent);",
  },
  {
    name: "starved fd",
    within: 40,
    file: "net/connection/connection.ts",
    from: "const reads = !this.peerEnded &&",
    to: "const reads = !this.peerEnded && this.outbox.queuedBytes == 0 &&",
  },
  {
    name: "one dropped line too few is told",
    within: 40,
    file: "net/stdio/output.ts",
    from: "const lines = this.dropped;",
    to: "const lines = this.dropped - 1;",
  },
  {
    name: "a write that may block",
    within: 40,
    file: "wasi/preview1/stdio.ts",
    from: "const state = pollOne(fd, WRITE);",
    to: "const state = READY;",
  },
  {
    name: "no bound on lines a second",
    within: 40,
    file: "net/rate/rate_limiter.ts",
    from: "if (this.secondsUntilOwnToken() > 0) return false;",
    to: "",
  },
  {
    name: "a flood is never closed",
    within: 60,
    file: "net/connection/connection_input.ts",
    from: "if (this.limiter.mustCloseForFlood) {",
    to: "if (this.limiter.mustCloseForFlood && this.reader.isSkipping) {",
  },
  {
    name: "a proxy's header is believed anywhere",
    within: 60,
    file: "net/connection/connection_input.ts",
    from: "first.verdict == Verdict.FORGED",
    to: "first.verdict == Verdict.MORE",
  },
];
