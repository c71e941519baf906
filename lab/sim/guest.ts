/** One life of the module: the models of what it does, says and is told. */
import { errnoName } from "../../host/runtime/abi.js";
import type { World } from "../world/world.js";
import type { Door, Entrance } from "./door.js";
import { OracleFailure } from "./failure.js";
import { ChatModel } from "./model/chat.js";
import { ConsoleModel } from "./model/console.js";
import type { Kept } from "./model/kept.js";
import { type ChatSettings, isProxied } from "./model/settings.js";
import { Watchdog } from "./watchdog.js";

const FIRST_LISTENER_FD = 3;
const FIRST_LINE = /chat: listening on fd 3, poll_oneoff \((?:exact host|verified)\)/;
const FIRST_PORT = 9001;

export class Guest {
  readonly model: ChatModel<Door>;
  readonly console: ConsoleModel;
  readonly watchdog = new Watchdog();
  connectionsMost = 0;

  constructor(
    world: World,
    private readonly entrances: readonly Entrance[],
    private readonly settings: ChatSettings,
    private readonly isComponent: boolean,
    /** What the disk has, if there is one. */
    kept?: Kept,
  ) {
    // They may be changed in its life.
    this.model = new ChatModel<Door>({ ...settings }, world);
    if (kept !== undefined) {
      const { hall, log } = this.model;
      hall.keeps = true;
      kept.restore(hall, hall.around.seconds());
      log.say(...kept.told);
    }
    const where = `chat: listening on ${this.places.join(", ")}, waitable set`;
    this.model.log.say({ event: "listening", message: isComponent ? where : FIRST_LINE });
    this.console = new ConsoleModel(this.model, settings.stopAtEof);
  }

  /** Where a component opens its listeners. */
  get places(): string[] {
    return this.entrances.map((_, at) => `127.0.0.1:${FIRST_PORT + at}`);
  }

  /** Of the so many-th listener, in the kernel. */
  listenerFd(index: number): number {
    return FIRST_LISTENER_FD + index;
  }

  isListener(fd: number): boolean {
    return this.entrances[fd - FIRST_LISTENER_FD] !== undefined;
  }

  /** Whose connection the kernel has accepted last. */
  lastCome(listenerFd: number): Door {
    return known(this.entrances[listenerFd - FIRST_LISTENER_FD]?.accepted.at(-1));
  }

  /** The module has taken the first of those that the kernel has accepted. */
  accepted(listenerFd: number, fd: number): void {
    const door = known(this.entrances[listenerFd - FIRST_LISTENER_FD]?.takeAccepted());
    const proxied = isProxied(this.settings, listenerFd - FIRST_LISTENER_FD);
    this.model.accepted(fd, door, proxied, this.isComponent ? door.address : "");
    this.connectionsMost = Math.max(this.connectionsMost, this.model.members.size);
  }

  acceptFailed(errno: number): void {
    this.model.settle();
    const message = new RegExp(`accept: ${errnoName(errno)}; trying again in [\\d.]+ s`);
    this.model.log.say({ event: "accept-failed", level: "warning", message });
  }

  /** The socket has taken `count` of what was offered (-1: none, it failed). */
  sent(fd: number, offered: readonly Uint8Array[], count: number): void {
    const door = this.model.members.get(fd)?.client;
    const bytes = this.model.sent(fd, offered, count);
    door?.transit.sent(bytes);
    door?.compareArrived();
  }

  stoppedListening(): void {
    this.model.settle();
    if (this.model.stoppingSince !== undefined) return;
    throw new OracleFailure("descriptor", "the listener was closed before its time");
  }

  closed(fd: number): void {
    const member = this.model.closed(fd);
    const door = member.client;
    door.ending = `${member.name}, ${String(member.reason)}`;
    const told = member.reason !== undefined && member.reason !== "server stopping";
    door.entitled = told && !member.broken && member.owed.bytes === 0 && member.endedInTime;
  }

  logged(bytes: Buffer): void {
    this.model.log.written.wrote(bytes);
    this.model.log.written.compareLines();
  }
}

function known(door: Door | undefined): Door {
  if (door === undefined) {
    throw new OracleFailure("descriptor", "a connection is taken that was not accepted");
  }
  return door;
}
