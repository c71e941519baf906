/** What the module promises, in numbers: the README's options and DESIGN.md's limits. */
import { TUTORIAL_CHAT } from "../../programs.js";
import { SECOND_NS } from "../../wasi/virtual/world.js";

export interface ChatSettings {
  maxLine: number;
  maxClients: number;
  softLimit: number;
  softSeconds: number;
  hardLimit: number;
  /** Minutes east of UTC. */
  timeZone: number;
  stopAtEof: boolean;
}

export const DEFAULTS: ChatSettings = {
  maxLine: 4096,
  maxClients: 10_000,
  softLimit: 262_144,
  softSeconds: 10,
  hardLimit: 1_048_576,
  timeZone: 0,
  stopAtEof: false,
};

/** Refused newcomers that are told so at a time. */
export const REFUSALS_AT_A_TIME = 64;
/** What is said in one tick leaves at its end, or once this may be full. */
export const CHUNK_BYTES = 65_536;
/** What the module keeps free in it for a line, however it is rendered. */
export function roomFor(nameBytes: number, textBytes: number): number {
  return 128 + 2 * ("lobby".length + nameBytes) + Math.min(2 * textBytes, 3 * 16_384);
}
/** For taking the last words, and for ending. */
export const CLOSE_NS = 2 * SECOND_NS;
/** Clocks are read some calls apart. */
export const SLACK_NS = 10_000_000;

/** As the module's command line has it. */
export function argumentsOf(settings: ChatSettings): string[] {
  const { timeZone } = settings;
  const minutes = Math.abs(timeZone);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const zone = `${timeZone < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  const numbers = [
    ...["--max-line", settings.maxLine, "--max-clients", settings.maxClients],
    ...["--soft-limit", settings.softLimit, "--soft-seconds", settings.softSeconds],
    ...["--hard-limit", settings.hardLimit, "--time-zone", zone],
  ].map(String);
  // The tutorial's chat is what the model knows.
  numbers.push(...TUTORIAL_CHAT);
  return settings.stopAtEof ? [...numbers, "--stop-at-eof"] : numbers;
}

export function stampAt(realtimeNs: bigint, timeZone: number): string {
  const milliseconds = Number(realtimeNs / 1_000_000n) + timeZone * 60_000;
  const text = new Date(milliseconds).toISOString();
  return `${text.slice(0, 10).replaceAll("-", "/")} ${text.slice(11, 19)} `;
}
