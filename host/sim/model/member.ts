/** One client as the model of the chat knows it. */
import { LineSplitter } from "./line_splitter.js";
import { Owed, type RoomLog } from "./owed.js";

export type Reason = "left" | "quit" | "too slow" | "server full" | "server stopping";

export class Member<Client> {
  readonly owed: Owed;
  readonly lines: LineSplitter;
  /** Why it is on its way out. */
  reason: Reason | undefined;
  /** Virtual time at which that began. */
  closingSince = 0;
  /** Its descriptor was given back before the time for a decent end was up. */
  endedInTime = false;
  /** A call on its socket has failed. */
  broken = false;
  /** Its stream is over. */
  ended = false;
  /** Since when more than the soft limit has been owed. */
  slowSince: number | undefined;
  /** The last round of sending that is over for it. */
  flushedIn = 0;
  /** How long a wait has gone on although it could be read, or be sent what it is owed. */
  waitedReadable = 0;
  waitedWritable = 0;

  /** @param name undefined for one that is turned away unheard */
  constructor(
    readonly fd: number,
    readonly name: string | undefined,
    readonly client: Client,
    log: RoomLog,
    lineBytes: number,
  ) {
    this.owed = new Owed(log);
    this.lines = new LineSplitter(lineBytes);
  }

  get isOpen(): boolean {
    return this.name !== undefined && this.reason === undefined && !this.broken;
  }
}
