/**
 * The table of all options of the chat: name, bounds, default, help, and the setting of each. The
 * module's `--help`, the console's `set` and `limits`, the launcher's flags, its configuration file
 * and the tables in docs/ are made from it.
 */
import { parseSyncPolicy } from "../../journal/sync_policy";
import { NO_TIME_ZONE, parseTimeZone } from "../../text/calendar";
import { ChatOption } from "./chat_option";
import { ircOptions } from "./irc_options";
import { LINE_BYTES_MOST } from "../limits";
import { parseStyle } from "../protocol/style";

/** A week in seconds. */
const WEEK: i64 = 604_800;

export const listen = new ChatOption(
  "--listen HOST:PORT",
  "listens here; for components; may be given several times",
);
export const address = new ChatOption(
  "--address TEXT",
  "sets how the first line of the output names the listener",
);
export const proxyProtocol = new ChatOption(
  "--proxy-protocol LIST",
  "expects a PROXY header (v1, v2) on these listeners: 1,3 or all",
);
export const irc = new ChatOption("--irc LIST", "speaks IRC on these listeners: 2,3 or all");
export const motd = new ChatOption(
  "--motd-text TEXT",
  "sets the message of the day for IRC, with \\n between its lines",
);
export const data = new ChatOption(
  "--data NAME",
  "keeps the chat in the directory of this name (wasmtime --dir PATH::NAME)",
);
export const control = new ChatOption(
  "--control",
  "answers a launcher: reads lines of ID COMMAND, writes an object for each",
);
export const logFormat = new ChatOption(
  "--log-format FORMAT",
  "sets the format of the log on stderr",
).oneOf(["text", "json"]);
export const stopAtEof = new ChatOption("--stop-at-eof", "stops when stdin ends");
export const describe = new ChatOption("--describe-options", "");
export const help = new ChatOption("--help", "prints this help");

// A flood ends when half of a burst is available again: a burst below 4 would end it too soon.
const options: Array<ChatOption> = [
  new ChatOption("--max-line BYTES", "limits the length of a line from a client")
    .within(4096, 16, LINE_BYTES_MOST)
    .live((settings, option) => {
      settings.connection.lineBytes = <u32>option.number;
    }),
  new ChatOption(
    "--max-clients N",
    "limits the clients; the next one is told that the server is full",
  )
    .within(10_000, 1, 100_000)
    .live((settings, option) => {
      settings.clients = <i32>option.number;
    }),
  new ChatOption(
    "--max-rooms N",
    "limits the rooms; a new one replaces a room that was never used, or is empty longest",
  )
    .within(1000, 1, 100_000)
    .live((settings, option) => {
      settings.rooms = <i32>option.number;
    }),
  new ChatOption(
    "--rooms-per-client N",
    "limits the rooms that a client is in, if its protocol allows several (json2, IRC)",
  )
    .within(20, 1, 1000)
    .live((settings, option) => {
      settings.roomsPerClient = <i32>option.number;
    }),
  new ChatOption("--new-rooms N", "limits the rooms that a client creates in an hour; 0: no limit")
    .within(30, 0, 100_000)
    .live((settings, option) => {
      settings.newRooms = <f64>option.number;
    }),
  new ChatOption("--history LINES", "limits the lines that a room remembers (and 128 KiB at most)")
    .within(200, 0, 10_000)
    .live((settings, option) => {
      settings.history = <i32>option.number;
    }),
  new ChatOption(
    "--max-history MIB",
    "limits the memory for the lines of all rooms; idle rooms forget first",
  )
    .within(64, 1, 4096)
    .live((settings, option) => {
      settings.historyBytes = (<u64>option.number) << 20;
    }),
  new ChatOption("--replay LINES", "sets how many remembered lines a client gets in a room")
    .within(10, 0, 1000)
    .live((settings, option) => {
      settings.replay = <i32>option.number;
    }),
  new ChatOption("--announce N", "announces joins and leaves in rooms of up to N clients")
    .within(50, 0, 10_000)
    .live((settings, option) => {
      settings.announce = <i32>option.number;
    }),
  new ChatOption(
    "--announce-rate N",
    "limits the joins and leaves announced per second in a room, others are merged; 0: no limit",
  )
    .within(5, 0, 1000)
    .live((settings, option) => {
      settings.announceRate = <u64>option.number;
    }),
  new ChatOption("--style NAME", "sets the style of new clients; tutorial: the tutorial's chat")
    .oneOf(["line", "json", "json2", "tutorial"])
    .live((settings, option) => {
      settings.style = parseStyle(option.value);
    }),
  new ChatOption("--show-addresses CHOICE", "calls clients without a name by their addresses")
    .oneOf(["no", "yes"])
    .live((settings, option) => {
      settings.showsAddresses = option.value == "yes";
    }),
  new ChatOption("--rate LINES", "limits the lines handled per second for a client; 0: no limit")
    .within(20, 0, 1_000_000)
    .live((settings, option) => {
      settings.connection.rate = <f64>option.number;
    }),
  new ChatOption("--burst LINES", "sets how many lines of a client may come at once, as in a paste")
    .within(400, 4, 1_000_000)
    .live((settings, option) => {
      settings.connection.burst = <f64>option.number;
    }),
  new ChatOption(
    "--first-burst LINES",
    "sets how many lines of a new client may come at once; --burst holds after some silence",
  )
    .within(40, 4, 1_000_000)
    .live((settings, option) => {
      settings.connection.firstBurst = <f64>option.number;
    }),
  new ChatOption(
    "--line-cost BYTES",
    "counts one more line of the rate for this many bytes of a line and its answers",
  )
    .within(1024, 64, 1_048_576)
    .live((settings, option) => {
      settings.connection.lineCost = <u32>option.number;
    }),
  new ChatOption(
    "--flood-seconds SECONDS",
    "closes a client that stays above its rate for this long",
  )
    .within(60, 1, 86_400)
    .live((settings, option) => {
      settings.connection.floodSeconds = <f64>option.number;
    }),
  new ChatOption(
    "--max-per-address N",
    "limits the connections from an address (IPv6: /64); 0: no limit",
  )
    .within(100, 0, 100_000)
    .live((settings, option) => {
      settings.connection.maxPerAddress = <i32>option.number;
    }),
  new ChatOption(
    "--address-rate LINES",
    "limits the lines handled per second for an address; 0: no limit",
  )
    .within(100, 0, 1_000_000)
    .live((settings, option) => {
      settings.connection.addressRate = <f64>option.number;
    }),
  new ChatOption("--address-burst LINES", "sets how many lines from an address may come at once")
    .within(2000, 4, 1_000_000)
    .live((settings, option) => {
      settings.connection.addressBurst = <f64>option.number;
    }),
  new ChatOption(
    "--address-arrivals N",
    "limits the clients that arrive per second from an address, over 30 seconds; 0: no limit",
  )
    .within(10, 0, 100_000)
    .live((settings, option) => {
      settings.connection.addressArrivals = <f64>option.number;
    }),
  new ChatOption(
    "--address-rooms N",
    "limits the rooms that all from an address create in an hour; 0: no limit",
  )
    .within(300, 0, 100_000)
    .live((settings, option) => {
      settings.connection.addressRooms = <f64>option.number;
    }),
  new ChatOption(
    "--unknown-share N",
    "gives all clients with unknown addresses the limits of N addresses; 0: no limits",
  )
    .within(20, 0, 100_000)
    .live((settings, option) => {
      settings.connection.unknownShare = <f64>option.number;
    }),
  new ChatOption(
    "--room-rate LINES",
    "limits the lines per second that all in a room say together; 0: no limit",
  )
    .within(200, 0, 1_000_000)
    .live((settings, option) => {
      settings.roomRate = <f64>option.number;
    }),
  new ChatOption(
    "--idle-seconds SECONDS",
    "closes a client that sends nothing for this long; 0: never",
  )
    .within(0, 0, WEEK)
    .live((settings, option) => {
      settings.connection.idleSeconds = <f64>option.number;
    }),
  new ChatOption(
    "--login-seconds SECONDS",
    "closes a client that sends no first byte in this time; 0: never",
  )
    .within(0, 0, WEEK)
    .live((settings, option) => {
      settings.connection.loginSeconds = <f64>option.number;
    }),
  new ChatOption(
    "--line-seconds SECONDS",
    "closes a client that leaves a line unfinished for this long; 0: never",
  )
    .within(600, 0, WEEK)
    .live((settings, option) => {
      settings.connection.lineSeconds = <f64>option.number;
    }),
  new ChatOption(
    "--max-queued MIB",
    "limits the memory of all send queues; above it, the heaviest client is closed",
  )
    .within(128, 1, 4096)
    .live((settings, option) => {
      settings.connection.queuedBytes = (<u64>option.number) << 20;
    }),
  new ChatOption("--soft-limit BYTES", "sets the send queue above which a client counts as slow")
    .within(262_144, 1024, 67_108_864)
    .live((settings, option) => {
      settings.connection.softBytes = <u32>option.number;
    }),
  new ChatOption("--soft-seconds SECONDS", "closes a client that counts as slow for this long")
    .within(10, 1, 3600)
    .live((settings, option) => {
      settings.connection.softSeconds = <f64>option.number;
    }),
  new ChatOption("--hard-limit BYTES", "closes a client at once when its send queue is longer")
    .within(1_048_576, 1024, 268_435_456)
    .live((settings, option) => {
      settings.connection.hardBytes = <u32>option.number;
    }),
  new ChatOption("--time-zone ZONE", "sets the time zone of timestamps: UTC, +08:00, -03:30")
    .text("UTC")
    .shaped("UTC, +HH:MM or -HH:MM", "UTC|[+-]\\d\\d:\\d\\d", isTimeZone)
    .atStart((settings, option) => {
      settings.timeZone = parseTimeZone(option.value);
    }),
  new ChatOption("--sync WHEN", "syncs the journal each second, before delivery, or never")
    .oneOf(["interval", "always", "never"])
    .atStart((settings, option) => {
      settings.sync = parseSyncPolicy(option.value);
    }),
  new ChatOption("--data-size MIB", "limits the size of the journal; the oldest lines go first")
    .within(64, 1, 8192)
    .atStart((settings, option) => {
      settings.dataBytes = (<u64>option.number) << 20;
    }),
];

/** The options that the program which starts the module sets. */
const hostOptions: Array<ChatOption> = [
  listen,
  address,
  proxyProtocol,
  irc,
  motd,
  data,
  control,
  logFormat,
  stopAtEof,
  describe,
  help,
];

export const optionTable: Array<ChatOption> = options.concat(ircOptions).concat(hostOptions);

function isTimeZone(value: string): bool {
  return parseTimeZone(value) != NO_TIME_ZONE;
}
