/** One life of the module: its model, and what it writes on stderr and stdout. */
import { errnoName } from "../wasi/abi.js";
import type { World } from "../wasi/virtual/world.js";
import type { Door, Entrance } from "./door.js";
import { OracleFailure } from "./failure.js";
import { ChatModel } from "./model/chat.js";
import { LineSplitter } from "./model/line_splitter.js";
import type { ChatSettings } from "./model/settings.js";
import { Watchdog } from "./watchdog.js";

const LISTENER_FD = 3;
const COMMAND_BYTES = 4096;
const FIRST_LINE = /^chat: listening on fd 3, poll_oneoff \((exact host|verified)\)$/;

export class Guest {
  readonly model: ChatModel<Door>;
  readonly watchdog = new Watchdog();
  connectionsMost = 0;
  readonly #console: string[] = [];
  readonly #commands = new LineSplitter(COMMAND_BYTES);
  #logged = "";
  #linesLogged = 0;
  #hasBegun = false;

  constructor(
    world: World,
    private readonly entrance: Entrance,
    settings: ChatSettings,
  ) {
    this.model = new ChatModel<Door>(settings, world);
  }

  isListener(fd: number): boolean {
    return fd === LISTENER_FD;
  }

  accepted(fd: number): void {
    const door = this.entrance.lastAccepted;
    if (door === undefined) throw new Error("nobody knows whose connection this is");
    this.model.accepted(fd, door);
    this.connectionsMost = Math.max(this.connectionsMost, this.model.members.size);
  }

  acceptFailed(errno: number): void {
    this.model.log.push(`accept: ${errnoName(errno)}; trying again in`);
  }

  stoppedListening(): void {
    if (this.model.stoppingSince !== undefined) return;
    throw new OracleFailure("descriptor", "the listener was closed before its time");
  }

  closed(fd: number): void {
    const member = this.model.members.get(fd);
    this.model.closed(fd);
    if (member === undefined) return;
    const door = member.client;
    door.ending = `${String(member.name)}, ${String(member.reason)}`;
    door.sent = member.owed.sent;
    const told = member.reason !== undefined && member.reason !== "server stopping";
    door.entitled = told && !member.broken && member.owed.bytes === 0 && member.endedInTime;
  }

  commanded(bytes: Buffer): void {
    for (const line of this.#commands.split(bytes)) {
      const command = line.kind === "line" ? line.bytes.toString() : "?";
      this.#console.push(this.model.commanded(command));
    }
  }

  logged(bytes: Buffer): void {
    const lines = (this.#logged + bytes.toString()).split("\n");
    this.#logged = lines.pop() ?? "";
    for (const line of lines) this.#checkLog(line);
  }

  #checkLog(line: string): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      if (FIRST_LINE.test(line)) return;
    }
    const expected = this.model.log[this.#linesLogged++];
    const fits = expected?.startsWith("accept: ") ? line.startsWith(expected) : line === expected;
    if (fits) return;
    const want = JSON.stringify(expected ?? "nothing");
    throw new OracleFailure("log", `expected ${want}, logged ${JSON.stringify(line)}`);
  }

  /** Everything has been written that ever will be. */
  checkWritten(stdout: string): void {
    const missing = this.model.log[this.#linesLogged];
    if (missing !== undefined) throw new OracleFailure("log", `never logged: ${missing}`);
    let at = 0;
    for (const expected of this.#console) {
      const found = stdout.indexOf(expected, at);
      if (found < 0) throw new OracleFailure("console", `never shown: ${JSON.stringify(expected)}`);
      at = found + expected.length;
    }
  }
}
