/**
 * Listening sockets that whoever started us has opened: systemd, or anything else that speaks its
 * protocol (LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES). They are used instead of listeners of our own.
 */
import { usage } from "../base/errors.js";

/** Where the protocol begins. */
const FIRST_FD = 3;
/** What a socket unit calls one that is behind a proxy: `FileDescriptorName=proxy`. */
const PROXY_NAME = "proxy";

export interface HandedIn {
  fd: number;
  proxied: boolean;
}

/** @returns none if nobody has handed in any, or they are meant for another process */
export function handedInSockets(env: NodeJS.ProcessEnv, pid: number): HandedIn[] {
  const { LISTEN_FDS: count = "", LISTEN_PID: owner = "", LISTEN_FDNAMES: names = "" } = env;
  if (count === "" || owner !== String(pid)) return [];
  if (!/^[1-9]\d{0,2}$/.test(count)) {
    throw usage(`LISTEN_FDS ${JSON.stringify(count)} is not a number of sockets`);
  }
  const called = names.split(":");
  return Array.from({ length: Number(count) }, (_, at) => ({
    fd: FIRST_FD + at,
    proxied: called[at] === PROXY_NAME,
  }));
}
