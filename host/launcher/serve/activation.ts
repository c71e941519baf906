/**
 * Socket activation: listening sockets that the parent process has opened (LISTEN_FDS, LISTEN_PID,
 * LISTEN_FDNAMES), such as systemd. They replace the launcher's own listeners.
 */
import { usage } from "../base/errors.js";

/** The first descriptor of the protocol. */
const FIRST_FD = 3;
/** The values of `FileDescriptorName=` in a socket unit for listeners behind a proxy. */
const PROXY_NAMES: readonly (string | undefined)[] = ["proxy", "irc-proxy"];
/** The values of `FileDescriptorName=` for listeners of IRC. */
const IRC_NAMES: readonly (string | undefined)[] = ["irc", "irc-proxy"];

export interface HandedIn {
  fd: number;
  proxied: boolean;
  isIrc: boolean;
}

/**
 * Returns the sockets that were handed in, or none if LISTEN_PID is another process.
 *
 * @throws UserError if LISTEN_FDS is no number
 */
export function handedInSockets(env: NodeJS.ProcessEnv, pid: number): HandedIn[] {
  const { LISTEN_FDS: count = "", LISTEN_PID: owner = "", LISTEN_FDNAMES: names = "" } = env;
  if (count === "" || owner !== String(pid)) return [];
  if (!/^[1-9]\d{0,2}$/.test(count)) {
    throw usage(`LISTEN_FDS ${JSON.stringify(count)} is not a number of sockets`);
  }
  const called = names.split(":");
  return Array.from({ length: Number(count) }, (_, at) => ({
    fd: FIRST_FD + at,
    proxied: PROXY_NAMES.includes(called[at]),
    isIrc: IRC_NAMES.includes(called[at]),
  }));
}
