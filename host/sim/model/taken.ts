/** What the model is given: times, and what the module has taken from its clients. */
import type { Line } from "./line_splitter.js";
import type { Member } from "./member.js";

export interface Clock {
  readonly now: number;
  readonly realtimeNs: bigint;
}

export interface Taken<Client> {
  member: Member<Client>;
  /** Undefined: the end of the stream. */
  lines: Iterator<Line>;
}
