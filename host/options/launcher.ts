/**
 * Every option of the launcher itself, once: flags, environment, configuration file, help and the
 * tables in docs/ are made from here. The chat's are its module's to name (chat.ts).
 */
import { ABI_CHOICES, RUNTIMES } from "../config.js";
import { LOG_FORMATS } from "../log.js";
import * as kinds from "./kinds.js";
import type { Setting } from "./kinds.js";

/** A module has 4 GiB of addresses at most. */
const MEMORY_MIB_MAX = 4096;
/** As much as the guest takes: chat/admin/drain DRAIN_SECONDS_MOST. */
const DRAIN_SECONDS_MOST = 3600;

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
  help: "0 lets the system pick one",
  read: kinds.wholeNumber(0, kinds.PORT_MAX),
};

/** Of everything that listens: `serve`, `run`, `doctor`. */
const LISTENING: readonly Row[] = [
  {
    name: "host",
    kind: "text",
    placeholder: "ADDRESS",
    default: "127.0.0.1",
    help: "where to listen, IPv4 or IPv6",
    read: kinds.host,
  },
  PORT,
  {
    name: "max-memory",
    kind: "number",
    placeholder: "MIB",
    bounds: `1 to ${MEMORY_MIB_MAX}`,
    default: "512",
    help: "memory the module may have",
    read: kinds.wholeNumber(1, MEMORY_MIB_MAX),
  },
  {
    name: "runtime",
    kind: "text",
    placeholder: "RUNTIME",
    default: RUNTIMES[0],
    help: `what runs the module: ${RUNTIMES.join(", ")}`,
    read: kinds.oneOf(RUNTIMES),
  },
  {
    name: "abi",
    kind: "text",
    placeholder: "ABI",
    default: ABI_CHOICES[0],
    help:
      `${ABI_CHOICES.join(", ")}: p1 is a module that is handed its listeners (WASI preview1), ` +
      "p3 a component that listens by itself (WASI 0.3)",
    read: kinds.oneOf(ABI_CHOICES),
  },
  {
    name: "wasmtime",
    kind: "text",
    placeholder: "PATH",
    help: "the wasmtime to use, instead of looking for one",
    read: kinds.anyText,
  },
  {
    name: "setup",
    kind: "flag",
    help: "provide a wasmtime first if none is at hand, as setup does; else Node",
    read: kinds.flag,
  },
  {
    name: "precompile",
    kind: "flag",
    default: "true",
    help: "compile the module at each start, and keep nothing in the cache",
    read: kinds.flag,
  },
];

/** Of `serve` alone. */
const SERVING: readonly Row[] = [
  {
    name: "listen",
    kind: "list",
    placeholder: "HOST:PORT",
    help: "where to listen, instead of --host and --port; may be given several times",
    read: kinds.place,
  },
  {
    name: "listen-proxy",
    kind: "list",
    placeholder: "HOST:PORT",
    help: "the same, behind a proxy that says who connects (PROXY v1, v2)",
    read: kinds.place,
  },
  {
    name: "proxy-from",
    kind: "list",
    placeholder: "CIDR,...",
    help: "who may connect there; on the Node runtime",
    read: kinds.network,
  },
  {
    name: "drain-seconds",
    kind: "number",
    placeholder: "SECONDS",
    bounds: `0 to ${DRAIN_SECONDS_MOST}`,
    default: "0",
    live: true,
    help: "in which SIGTERM sends people away, one after the other; 0: it stops at once",
    read: kinds.wholeNumber(0, DRAIN_SECONDS_MOST),
  },
  {
    name: "log-format",
    kind: "text",
    placeholder: "FORMAT",
    default: LOG_FORMATS[0],
    help: `of the log on stderr: ${LOG_FORMATS.join(", ")}; auto: text on a terminal, else json`,
    read: kinds.oneOf(LOG_FORMATS),
  },
  {
    name: "ctl",
    kind: "text",
    placeholder: "PATH",
    help: "the socket of pollcast ctl, instead of where that looks by itself; none: no socket",
    read: kinds.anyText,
  },
  {
    name: "metrics",
    kind: "text",
    placeholder: "HOST:PORT",
    help: "where /metrics, /healthz, /readyz and /varz are served, such as 127.0.0.1:9100",
    read: kinds.place,
  },
  {
    name: "data",
    kind: "text",
    placeholder: "DIR",
    help: "keep the chat in this directory: a restart takes nothing",
    read: kinds.anyText,
  },
];

export const listeningSettings: readonly Setting[] = LISTENING.map(setting);
/** Of `ctl`: which server it means. */
export const portSetting = setting(PORT);
export const servingSettings: readonly Setting[] = SERVING.map(setting);

function setting(row: Row): Setting {
  return { placeholder: "", bounds: "", default: "", live: false, forChat: false, ...row };
}
