/**
 * Every option of the chat, once: its name, its bounds, its default, its help, and the field that
 * it sets. The module's `--help`, the console's `set` and `limits`, the launcher's flags, its
 * configuration file and the tables in docs/ are all made from here.
 */
import { parseSyncPolicy } from "../../journal/sync_policy";
import { NO_TIME_ZONE, parseTimeZone } from "../../text/calendar";
import { ChatOption } from "./chat_option";
import { LINE_BYTES_MOST } from "../limits";
import { parseStyle } from "../protocol/style";

/** In seconds. */
const WEEK: i64 = 604_800;

export const listen = new ChatOption(
  "--listen HOST:PORT",
  "of a component: where to listen, as often as needed",
);
export const address = new ChatOption(
  "--address TEXT",
  "what to call the listener in the first line",
);
export const proxyProtocol = new ChatOption(
  "--proxy-protocol LIST",
  "listeners behind a proxy that says who connects (PROXY v1, v2): 1,3 or all",
);
export const data = new ChatOption(
  "--data NAME",
  "keep the chat in the directory handed in under this name (wasmtime --dir PATH::NAME)",
);
export const control = new ChatOption(
  "--control",
  "answer a launcher: ID COMMAND a line, an object back",
);
export const logFormat = new ChatOption(
  "--log-format FORMAT",
  "of what is written to stderr",
).oneOf(["text", "json"]);
export const stopAtEof = new ChatOption("--stop-at-eof", "stop when stdin ends");
export const describe = new ChatOption("--describe-options", "");
export const help = new ChatOption("--help", "print this");

// A flood is over when half of a burst may come again: fewer lines than four would end it too soon.
export const optionTable: Array<ChatOption> = [
  new ChatOption("--max-line BYTES", "longest line a client may send")
    .within(4096, 16, LINE_BYTES_MOST)
    .live((settings, option) => {
      settings.connection.lineBytes = <u32>option.number;
    }),
  new ChatOption("--max-clients N", "people at a time; the next one is told that it is full")
    .within(10_000, 1, 100_000)
    .live((settings, option) => {
      settings.clients = <i32>option.number;
    }),
  new ChatOption("--max-rooms N", "rooms at a time; the longest empty one makes place")
    .within(1000, 1, 100_000)
    .live((settings, option) => {
      settings.rooms = <i32>option.number;
    }),
  new ChatOption("--history LINES", "what a room remembers (and 128 KiB at most)")
    .within(200, 0, 10_000)
    .live((settings, option) => {
      settings.history = <i32>option.number;
    }),
  new ChatOption("--max-history MIB", "memory for what all rooms remember; the idle forget first")
    .within(64, 1, 4096)
    .live((settings, option) => {
      settings.historyBytes = (<u64>option.number) << 20;
    }),
  new ChatOption("--replay LINES", "how much of that a newcomer is given")
    .within(10, 0, 1000)
    .live((settings, option) => {
      settings.replay = <i32>option.number;
    }),
  new ChatOption("--announce N", "people in a room up to whom each is told who comes and goes")
    .within(50, 0, 10_000)
    .live((settings, option) => {
      settings.announce = <i32>option.number;
    }),
  new ChatOption("--style NAME", "what newcomers read; tutorial: the tutorial's chat")
    .oneOf(["line", "json", "tutorial"])
    .live((settings, option) => {
      settings.style = parseStyle(option.value);
    }),
  new ChatOption("--rate LINES", "of one client that are dealt with in a second; 0: all")
    .within(20, 0, 1_000_000)
    .live((settings, option) => {
      settings.connection.rate = <f64>option.number;
    }),
  new ChatOption("--burst LINES", "of one client that may come at once: a paste")
    .within(400, 4, 1_000_000)
    .live((settings, option) => {
      settings.connection.burst = <f64>option.number;
    }),
  new ChatOption("--flood-seconds SECONDS", "how long more may come before a client is closed")
    .within(60, 1, 86_400)
    .live((settings, option) => {
      settings.connection.floodSeconds = <f64>option.number;
    }),
  new ChatOption("--max-per-address N", "connections from one address (IPv6: /64); 0: any number")
    .within(100, 0, 100_000)
    .live((settings, option) => {
      settings.connection.maxPerAddress = <i32>option.number;
    }),
  new ChatOption("--address-rate LINES", "the same as --rate, of all from one address; 0: all")
    .within(100, 0, 1_000_000)
    .live((settings, option) => {
      settings.connection.addressRate = <f64>option.number;
    }),
  new ChatOption("--address-burst LINES", "the same as --burst, of all from one address")
    .within(2000, 4, 1_000_000)
    .live((settings, option) => {
      settings.connection.addressBurst = <f64>option.number;
    }),
  new ChatOption("--idle-seconds SECONDS", "how long a client may say nothing; 0: for ever")
    .within(0, 0, WEEK)
    .live((settings, option) => {
      settings.connection.idleSeconds = <f64>option.number;
    }),
  new ChatOption("--login-seconds SECONDS", "in which its first byte must come; 0: any time")
    .within(0, 0, WEEK)
    .live((settings, option) => {
      settings.connection.loginSeconds = <f64>option.number;
    }),
  new ChatOption("--line-seconds SECONDS", "in which a line must be finished; 0: any time")
    .within(600, 0, WEEK)
    .live((settings, option) => {
      settings.connection.lineSeconds = <f64>option.number;
    }),
  new ChatOption("--max-queued MIB", "memory for what all clients are owed; the fattest is closed")
    .within(128, 1, 4096)
    .live((settings, option) => {
      settings.connection.queuedBytes = (<u64>option.number) << 20;
    }),
  new ChatOption("--soft-limit BYTES", "owed to a client that counts as slow")
    .within(262_144, 1024, 67_108_864)
    .live((settings, option) => {
      settings.connection.softBytes = <u32>option.number;
    }),
  new ChatOption("--soft-seconds SECONDS", "how long a client may be slow before it is closed")
    .within(10, 1, 3600)
    .live((settings, option) => {
      settings.connection.softSeconds = <f64>option.number;
    }),
  new ChatOption("--hard-limit BYTES", "owed to a client that is closed at once")
    .within(1_048_576, 1024, 268_435_456)
    .live((settings, option) => {
      settings.connection.hardBytes = <u32>option.number;
    }),
  new ChatOption("--time-zone ZONE", "of the stamps: UTC, +08:00, -03:30")
    .text("UTC")
    .shaped("UTC, +HH:MM or -HH:MM", "UTC|[+-]\\d\\d:\\d\\d", isTimeZone)
    .atStart((settings, option) => {
      settings.timeZone = parseTimeZone(option.value);
    }),
  new ChatOption("--sync WHEN", "how soon what is kept is safe from a loss of power")
    .oneOf(["interval", "always", "never"])
    .atStart((settings, option) => {
      settings.sync = parseSyncPolicy(option.value);
    }),
  new ChatOption("--data-size MIB", "of all that is kept; then the oldest lines go")
    .within(64, 1, 8192)
    .atStart((settings, option) => {
      settings.dataBytes = (<u64>option.number) << 20;
    }),
  listen,
  address,
  proxyProtocol,
  data,
  control,
  logFormat,
  stopAtEof,
  describe,
  help,
];

function isTimeZone(value: string): bool {
  return parseTimeZone(value) != NO_TIME_ZONE;
}
