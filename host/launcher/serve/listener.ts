/**
 * A listening socket that outlives the guests that accept from it.
 *
 * Node would accept the connections itself. So a worker thread opens the socket and then blocks:
 * its event loop never turns. The descriptor belongs to the whole process, so it can be passed to
 * one guest after another. Connections made while no guest runs wait in the backlog.
 */
import { Worker } from "node:worker_threads";
import { formatAddress } from "../base/config.js";
import { liveSockets } from "../control/socket_path.js";
import { listenFailed, notAListener, portIsOurs } from "../base/errors.js";

/**
 * The backlog: connections that the OS completes while no guest accepts. The OS limits it to its
 * own somaxconn.
 */
export const BACKLOG_CONNECTIONS = 4096;
/** The idle time after which the OS sends a TCP keepalive probe. */
export const KEEPALIVE_IDLE_SECONDS = 60;

/** An address to listen on, or the descriptor of a socket that listens already. */
export type ListenOptions = { backlog?: number } & (
  | {
      host: string;
      /** With 0, the OS picks a port. */
      port: number;
      /** The option that names the place, for errors: `--listen-irc`. `--port` if left out. */
      option?: string | undefined;
    }
  | { fd: number }
);

export interface HostListener {
  readonly fd: number;
  readonly host: string;
  /** The actual port, never 0. */
  readonly port: number;
  /** The address as text: `127.0.0.1:9999`, `[::1]:9999`. */
  readonly address: string;
  close(): Promise<void>;
}

type Opened = { fd: number; host: string; port: number } | { errno: string };

/** Opens a listener. @throws UserError if that fails */
export async function openListener(options: ListenOptions): Promise<HostListener> {
  const { backlog = BACKLOG_CONNECTIONS, ...where } = options;
  const release = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(WORKER, {
    eval: true,
    env: {},
    // Flags of this process, such as a test runner's loaders, must not reach the worker.
    execArgv: [],
    workerData: { where, backlog, release, keepaliveSeconds: KEEPALIVE_IDLE_SECONDS },
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", () => resolve());
  });
  const opened = await new Promise<Opened>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  if ("errno" in opened) {
    await ended;
    if ("fd" in where) throw notAListener(where.fd, opened.errno);
    if (opened.errno === "EADDRINUSE" && (await servesHere(where.port)))
      throw portIsOurs(where.host, where.port, where.option);
    throw listenFailed(opened.errno, where.host, where.port, where.option);
  }
  // The parked thread must not keep the process alive. The guest does, while there is something to
  // serve.
  worker.unref();
  return {
    ...opened,
    address: formatAddress(opened.host, opened.port),
    async close() {
      worker.ref();
      Atomics.store(release, 0, 1);
      Atomics.notify(release, 0);
      await ended;
    },
  };
}

/** Returns true if a pollcast server of the same user has the port. */
async function servesHere(port: number): Promise<boolean> {
  return (await liveSockets()).some((one) => one.port === port);
}

/**
 * The worker's source. It is a string, because a file would have a different path in dist/ and
 * under a test runner.
 *
 * TCP_NODELAY and SO_KEEPALIVE are set on the listening socket. Accepted sockets inherit them, and
 * the guest has no call to set them.
 */
const WORKER = `
"use strict";
const { createServer } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const { where, backlog, release, keepaliveSeconds } = workerData;

const server = createServer();
server.once("error", (error) => parentPort.postMessage({ errno: error.code ?? String(error) }));
const opened = () => {
  const { address, port } = server.address() ?? {};
  if (port === undefined) {
    // A Unix socket has a path, and no port.
    server.close();
    return parentPort.postMessage({ errno: "EAFNOSUPPORT" });
  }
  server._handle.setNoDelay(true);
  server._handle.setKeepAlive(true, keepaliveSeconds);
  parentPort.postMessage({ fd: server._handle.fd, host: address, port });
  Atomics.wait(release, 0, 0);
  server.close();
};
try {
  // With a descriptor, Node ignores the backlog in the options. The second argument works.
  server.listen({ ...where, backlog }, backlog, opened);
} catch (error) {
  parentPort.postMessage({ errno: error.code ?? String(error) });
}
`;
