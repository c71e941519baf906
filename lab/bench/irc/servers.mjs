/**
 * The IRC servers of the benchmark: pollcast as module and as component, and those of Debian. Each
 * runs without limits for floods, without DNS and without ident.
 */
import fs from "node:fs";
import path from "node:path";
import { Missing } from "../build.mjs";
import {
  compiled,
  componentCommand,
  componentFile,
  ensureComponentWasmtime,
  ensureWasmtime,
  moduleOf,
} from "../ours.mjs";

/** @typedef {(line: string) => void} Say */

/**
 * Returns the server's command for a port. It may write files into `folder`.
 *
 * @typedef {(port: number, folder: string) => readonly string[]} Command
 */

/**
 * @typedef {object} IrcServer
 * @property {string} name
 * @property {(say: Say) => Command | Promise<Command>} prepare throws Missing
 */

const SERVER_NAME = "irc.example.org";
/** A user that no service has: ircd-hybrid does not run as root. */
const NOBODY = 65_534;
const SENDQ_BYTES = 64 * 1024 * 1024;

/** Without limits for floods, and without history. */
const OURS = [
  ...["--rate", "0", "--room-rate", "0", "--address-rate", "0", "--max-per-address", "0"],
  ...["--unknown-share", "0", "--history", "0", "--replay", "0", "--irc-name", SERVER_NAME],
  ...["--hard-limit", String(SENDQ_BYTES), "--soft-limit", String(SENDQ_BYTES)],
];

/** @type {readonly IrcServer[]} */
export const IRC_SERVERS = [
  {
    name: "pollcast",
    async prepare(say) {
      const wasmtime = await ensureWasmtime(say);
      const code = await compiled("pollcast-irc", wasmtime, moduleOf("chat"), say);
      const flags = ["-S", "preview2=n", "-C", "cache=n", "--allow-precompiled"];
      return (port) => {
        const listener = ["-S", `tcplisten=127.0.0.1:${port}`];
        return [wasmtime, "run", ...flags, ...listener, code, ...OURS, "--irc", "1"];
      };
    },
  },
  {
    name: "pollcast-p3",
    async prepare(say) {
      const wasmtime = await ensureComponentWasmtime(say);
      const code = await compiled("pollcast-p3-irc", wasmtime, componentFile(), say);
      const command = componentCommand(wasmtime, code, [...OURS, "--irc", "1"]);
      return (port) => command.map((word) => word.replace("{port}", String(port)));
    },
  },
  {
    name: "ngircd",
    prepare: () => {
      const program = programOf("ngircd");
      return (port, folder) => [program, "-n", "-f", written(folder, ngircd(port))];
    },
  },
  {
    name: "inspircd",
    prepare: () => {
      const program = programOf("inspircd");
      const flags = ["--nofork", "--nopid", "--nolog", "--runasroot"];
      return (port, folder) => [program, ...flags, `--config=${written(folder, inspircd(port))}`];
    },
  },
  {
    name: "ircd-hybrid",
    prepare: () => {
      const program = programOf("ircd-hybrid");
      return (port, folder) => {
        const file = written(folder, hybrid(port));
        const own = ["-pidfile", `${folder}/pid`, "-logfile", `${folder}/log`];
        const command = [program, "-foreground", "-configfile", file, ...own];
        if (process.getuid?.() !== 0) return command;
        fs.chownSync(folder, NOBODY, NOBODY);
        return ["setpriv", "--reuid", String(NOBODY), "--clear-groups", ...command];
      };
    },
  },
];

/** @param {string} name @returns its path @throws {Missing} */
function programOf(name) {
  const places = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin"];
  const found = places.map((place) => path.join(place, name)).find((file) => fs.existsSync(file));
  if (found === undefined) throw new Missing(`there is no ${name}: apt-get install ${name}`);
  return found;
}

/** @param {string} folder @param {string} text @returns {string} the path */
function written(folder, text) {
  const file = path.join(folder, "server.conf");
  fs.writeFileSync(file, text);
  fs.chmodSync(folder, 0o755);
  return file;
}

/** @param {number} port */
function ngircd(port) {
  return `[Global]
Name = ${SERVER_NAME}
Info = benchmark
Listen = 127.0.0.1
Ports = ${port}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
`;
}

/** @param {number} port */
function inspircd(port) {
  return `<config format="xml">
<server name="${SERVER_NAME}" id="1AA" network="bench" description="benchmark">
<admin name="a" nick="a" email="a@example.org">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect allow="*" timeout="60" pingfreq="1h" hardsendq="${SENDQ_BYTES}" softsendq="${SENDQ_BYTES}"
  recvq="1M" commandrate="10000000" threshold="1000000" fakelag="no" localmax="100000"
  globalmax="100000" maxchans="1000" resolvehostnames="no" uniqueusername="no" modes="">
<performance netbuffersize="65534" somaxconn="4096" softlimit="100000" clonesonconnect="no">
<maxlist chan="*" limit="100">
`;
}

/** @param {number} port */
function hybrid(port) {
  return `serverinfo { name = "${SERVER_NAME}"; sid = "1AA"; description = "benchmark"; };
admin { name = "a"; email = "a@example.org"; };
class { name = "users"; ping_time = 1 hour; number_per_ip_local = 100000;
  number_per_ip_global = 100000; max_number = 100000; sendq = 64 megabytes; recvq = 8000 bytes; };
listen { host = "127.0.0.1"; port = ${port}; };
auth { user = "*@*"; class = "users"; flags = can_flood, exceed_limit, resv_exempt; };
general { throttle_count = 100000; throttle_time = 1 second; disable_auth = yes;
  max_nick_changes = 0; anti_nick_flood = no; default_floodcount = 0; };
channel { max_channels = 1000; default_join_flood_count = 0; disable_fake_channels = no; };
`;
}
