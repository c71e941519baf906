/**
 * A listening socket that outlives the programs that accept from it.
 *
 * Node would accept every connection itself, so the socket is opened in a worker thread which then
 * parks: its event loop never turns, while the file descriptor is the whole process's and can be
 * handed to one guest after another. Connections made while no guest lives wait in the backlog.
 */
import { Worker } from "node:worker_threads";
import { formatAddress } from "../base/config.js";
import { liveSockets } from "../control/socket_path.js";
import { listenFailed, notAListener, portIsOurs } from "../base/errors.js";

/**
 * Connections the kernel completes for us while no guest accepts; it cuts this down to its own
 * somaxconn.
 */
export const BACKLOG_CONNECTIONS = 4096;
/** Silence after which the kernel asks whether a peer is still there. */
export const KEEPALIVE_IDLE_SECONDS = 60;

/** Where to listen, or a socket that listens already. */
export type ListenOptions = { backlog?: number } & (
  | {
      host: string;
      /** 0: the system picks one. */
      port: number;
    }
  | { fd: number }
);

export interface HostListener {
  readonly fd: number;
  readonly host: string;
  /** The real one, never 0. */
  readonly port: number;
  /** As people write it: `127.0.0.1:9999`, `[::1]:9999`. */
  readonly address: string;
  close(): Promise<void>;
}

type Opened = { fd: number; host: string; port: number } | { errno: string };

export async function openListener(options: ListenOptions): Promise<HostListener> {
  const { backlog = BACKLOG_CONNECTIONS, ...where } = options;
  const release = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(WORKER, {
    eval: true,
    env: {},
    // The flags of the process (a test runner's loaders) are not meant for these few lines.
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
      throw portIsOurs(where.host, where.port);
    throw listenFailed(opened.errno, where.host, where.port);
  }
  // The guest keeps the process alive for as long as there is something to serve; the parked thread
  // must not.
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

/** Whether it is a server of this user that has the port. */
async function servesHere(port: number): Promise<boolean> {
  return (await liveSockets()).some((one) => one.port === port);
}

/**
 * The worker, as text: a file of its own would have to be found both in dist/ and by a test runner.
 *
 * TCP_NODELAY and SO_KEEPALIVE are set on the listening socket, since accepted ones inherit them
 * and the guest has no way to set them.
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
    // A Unix socket is known by its path alone.
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
  // With a descriptor, Node does not look for the backlog among the options.
  server.listen({ ...where, backlog }, backlog, opened);
} catch (error) {
  parentPort.postMessage({ errno: error.code ?? String(error) });
}
`;
