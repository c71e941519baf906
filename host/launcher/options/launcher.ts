/**
 * The table of the launcher's own options. Flags, variables, keys of the configuration file, the
 * help and the tables in docs/ are made from it. The chat's module describes its own options
 * (chat.ts).
 */
import { ABI_CHOICES, LOG_FORMATS, RUNTIMES } from "../base/config.js";
import * as kinds from "./kinds.js";
import type { Setting } from "./kinds.js";

/**
 * The least memory of a module in MiB. With less, the chat has no room for its first clients; with
 * 1 MiB it does not start.
 */
const MEMORY_MIB_LEAST = 8;
/** The most memory of a module in MiB: its addresses have 32 bits. */
const MEMORY_MIB_MAX = 4096;
/** The longest drain, in seconds. DRAIN_SECONDS_MOST in assembly/chat/admin/drain.ts is equal. */
const DRAIN_SECONDS_MOST = 3600;
const WATCHDOG_SECONDS_MOST = 3600;

/** An option without the fields that have their default value. */
interface Row extends Pick<Setting, "name" | "kind" | "help" | "read"> {
  placeholder?: string;
  bounds?: string;
  default?: string;
  live?: boolean;
}

const PORT: Row = {
  name: "port",
  kind: "number",
  placeholder: "PORT",
  bounds: `0 to ${kinds.PORT_MAX}`,
  default: "9999",
  help: "sets the port of the server; 0: the system picks one",
  read: kinds.wholeNumber(0, kinds.PORT_MAX),
};

/** The options of each command that listens: `serve`, `run` and `doctor`. */
const LISTENING: readonly Row[] = [
  {
    name: "host",
    kind: "text",
    placeholder: "ADDRESS",
    default: "127.0.0.1",
    help: "sets the address to listen at, IPv4 or IPv6",
    read: kinds.host,
  },
  PORT,
  {
    name: "max-memory",
    kind: "number",
    placeholder: "MIB",
    bounds: `${MEMORY_MIB_LEAST} to ${MEMORY_MIB_MAX}`,
    default: "512",
    help: "limits the memory of the module",
    read: kinds.wholeNumber(MEMORY_MIB_LEAST, MEMORY_MIB_MAX),
  },
  {
    name: "runtime",
    kind: "text",
    placeholder: "RUNTIME",
    default: RUNTIMES[0],
    help: `chooses what runs the module: ${RUNTIMES.join(", ")}`,
    read: kinds.oneOf(RUNTIMES),
  },
  {
    name: "abi",
    kind: "text",
    placeholder: "ABI",
    default: ABI_CHOICES[0],
    help:
      `chooses the program, ${ABI_CHOICES.join(", ")}: p1 is a module, which is handed its ` +
      "listeners (WASI preview1); p3 is a component, which opens them (WASI 0.3)",
    read: kinds.oneOf(ABI_CHOICES),
  },
  {
    name: "wasmtime",
    kind: "text",
    placeholder: "PATH",
    help: "uses this wasmtime instead of looking for one",
    read: kinds.filePath,
  },
  {
    name: "setup",
    kind: "flag",
    help: "provides a wasmtime if none is found, as pollcast setup does; else Node serves",
    read: kinds.flag,
  },
  {
    name: "precompile",
    kind: "flag",
    default: "true",
    help: "compiles the module at each start and keeps nothing in the cache",
    read: kinds.flag,
  },
];

/** The option --listen, of `serve` and `run`. */
const LISTEN: Row = {
  name: "listen",
  kind: "list",
  placeholder: "HOST:PORT",
  help: "listens here instead of at --host and --port; may be given several times",
  read: kinds.place,
};

/** The options of `serve` alone. */
const SERVING: readonly Row[] = [
  LISTEN,
  {
    name: "listen-proxy",
    kind: "list",
    placeholder: "HOST:PORT",
    help: "listens here for a proxy that sends PROXY headers (v1, v2); as often as needed",
    read: kinds.place,
  },
  {
    name: "listen-irc",
    kind: "list",
    placeholder: "HOST:PORT",
    help: "listens here for IRC clients, too; with --listen-proxy of the same place, for a proxy",
    read: kinds.place,
  },
  {
    name: "motd",
    kind: "text",
    placeholder: "FILE",
    help: "greets IRC clients with the lines of this file",
    read: kinds.filePath,
  },
  {
    name: "proxy-from",
    kind: "list",
    placeholder: "CIDR,...",
    help: "accepts proxies from these networks only; on the Node runtime",
    read: kinds.network,
  },
  {
    name: "drain-seconds",
    kind: "number",
    placeholder: "SECONDS",
    bounds: `0 to ${DRAIN_SECONDS_MOST}`,
    default: "0",
    live: true,
    help: "on SIGTERM, closes the clients one by one over this time; 0: stops at once",
    read: kinds.wholeNumber(0, DRAIN_SECONDS_MOST),
  },
  {
    name: "watchdog-seconds",
    kind: "number",
    placeholder: "SECONDS",
    bounds: `0 to ${WATCHDOG_SECONDS_MOST}`,
    default: "30",
    live: true,
    help: "restarts a module that answers nothing for this long; 0: never",
    read: kinds.wholeNumber(0, WATCHDOG_SECONDS_MOST),
  },
  {
    name: "log-format",
    kind: "text",
    placeholder: "FORMAT",
    default: LOG_FORMATS[0],
    help: `sets the log format: ${LOG_FORMATS.join(", ")}; auto: text on a terminal, else json`,
    read: kinds.oneOf(LOG_FORMATS),
  },
  {
    name: "ctl",
    kind: "text",
    placeholder: "PATH",
    help: "sets the path of the socket for pollcast ctl; none: no socket",
    read: kinds.filePath,
  },
  {
    name: "metrics",
    kind: "text",
    placeholder: "HOST:PORT",
    help: "serves /metrics, /healthz, /readyz and /varz here, such as 127.0.0.1:9100",
    read: kinds.place,
  },
  {
    name: "data",
    kind: "text",
    placeholder: "DIR",
    help: "keeps the chat in this directory, so that a restart loses nothing",
    read: kinds.directory,
  },
];

/** The options of `serve`, `run` and `doctor`. */
export const listeningSettings: readonly Setting[] = LISTENING.map(setting);
/** The options of `run`. */
export const runningSettings: readonly Setting[] = [...listeningSettings, setting(LISTEN)];
/** The option of `ctl` that names the server. */
export const portSetting = setting(PORT);
/** The options that only `serve` has. */
export const servingSettings: readonly Setting[] = SERVING.map(setting);

function setting(row: Row): Setting {
  return { placeholder: "", bounds: "", default: "", live: false, forChat: false, ...row };
}
