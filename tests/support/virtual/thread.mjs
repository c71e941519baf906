/**
 * The thread of a virtual world: a guest, its console and its peers. The guest blocks while the
 * test does not, so the world, when no action is due, waits for messages from the test. Its clock
 * is the real one, since a message may come at any time.
 *
 * It is plain JavaScript, because the test runner does not load it.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

const FILES = [
  ...["host/launcher/base/errors.js", "host/runtime/abi.js", "host/runtime/run.js"],
  ...["lab/world/kernel.js", "lab/world/world.js"],
];
/**
 * @typedef {typeof import("../../../host/launcher/base/errors.js")
 *   & typeof import("../../../host/runtime/abi.js")
 *   & typeof import("../../../host/runtime/run.js")
 *   & typeof import("../../../lab/world/kernel.js")
 *   & typeof import("../../../lab/world/world.js")} Host
 */
const compiled = FILES.map((file) => String(new URL(`../../../dist/${file}`, import.meta.url)));
const modules = await Promise.all(compiled.map((file) => import(file)));
const { Errno, EXIT, runGuest, VirtualKernel, World } = /** @type {Host} */ (
  modules.reduce((all, module) => ({ ...all, ...module }))
);

/** @typedef {import("../../../lab/world/peer.js").Peer} Peer */
/** @typedef {import("./words.js").Order} Order */
/** @typedef {import("./words.js").News} News */

/**
 * The size to which Linux lets the socket buffers grow between programs on one machine, or a little
 * less.
 */
const SOCKET_BUFFERS = { inboxBytes: 1024 * 1024, outboxBytes: 1024 * 1024 };
/** As a shell reports SIGABRT. */
const TRAP_EXIT_CODE = 134;

const start = /** @type {import("./words.js").ThreadStart} */ (workerData);
const test = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const began = process.hrtime.bigint();

/** @param {News} news */
function tell(news) {
  test.postMessage(news);
}

function realNow() {
  return Number(process.hrtime.bigint() - began);
}

class LiveWorld extends World {
  #obeyed = 0;

  /**
   * One order at a time, so that the guest may see what each has done.
   * @override
   */
  advanceTo(/** @type {number} */ nanoseconds) {
    this.#obey();
    super.advanceTo(Math.max(nanoseconds, realNow()));
  }

  /** @override */
  goOn(/** @type {number} */ until) {
    const due = Math.min(this.nextAt, until);
    Atomics.wait(start.orders, 0, this.#obeyed, Math.max(0, due - realNow()) / 1e6);
    return this.#obey() || realNow() < due || super.goOn(until);
  }

  #obey() {
    if (Atomics.load(start.orders, 0) === this.#obeyed) return false;
    this.#obeyed++;
    obey(/** @type {{ message: Order }} */ (receiveMessageOnPort(test)).message);
    return true;
  }
}

const world = new LiveWorld({ seed: 1, realtimeNs: BigInt(Date.now()) * 1_000_000n });
const listeners = Array.from({ length: start.listeners }, () => world.listen());
// What the launcher makes with Node for its child is a socket.
const stdin = world.input("socket");
const [stdout, stderr] = [world.output(), world.output()];
const kernel = new VirtualKernel(world, {
  dialect: start.dialect,
  listeners,
  ...{ stdin, stdout, stderr },
  // The clock alone says what a call has cost.
  callNs: 0,
  callsMost: Infinity,
  faults: { onCall: fault },
});
/** @type {Map<number, Peer>} */
const peers = new Map();
const outputs = new Map([
  [1, stdout],
  [2, stderr],
]);
/** @type {NodeJS.Signals | null} */
let signal = null;

for (const [stream, output] of outputs) {
  output.pause();
  output.onData = (bytes) => {
    output.pause();
    tell({ what: "data", stream, bytes });
  };
}

/**
 * @param {string} call
 * @returns {import("../../../lab/world/faults.js").Fault | undefined}
 */
function fault(call) {
  const isFull = call === "sock_accept" && kernel.openFds.length >= start.descriptors;
  return isFull ? { errno: Errno.MFILE } : undefined;
}

/** @param {Order} order */
function obey(order) {
  if (order.act === "kill") {
    signal = order.signal;
    kernel.kill();
  } else if (order.act === "connect") {
    connect(order);
  } else if (order.stream === 0) {
    if (order.act === "write") stdin.write(order.bytes);
    else if (order.act === "end") stdin.end();
  } else if (outputs.has(order.stream)) {
    if (order.act === "read") outputs.get(order.stream)?.resume();
  } else {
    steer(order, /** @type {Peer} */ (peers.get(order.stream)));
  }
}

/** @param {Extract<Order, { act: "connect" }>} order */
function connect({ stream, listener }) {
  const entrance = listeners[listener];
  if (entrance === undefined) throw new Error(`there is no listener ${listener}`);
  const peer = world.connect(entrance, SOCKET_BUFFERS);
  peers.set(stream, peer);
  peer.keeps = false;
  // The test's socket does so by itself, if it is to.
  peer.endsWithGuest = false;
  peer.pause();
  peer.onData = (bytes) => {
    peer.pause();
    tell({ what: "data", stream, bytes });
  };
  peer.onEnd = () => tell({ what: "end", stream });
  peer.onReset = () => tell({ what: "reset", stream });
  tell({ what: "connected", stream });
}

/**
 * @param {Exclude<Order, { act: "connect" | "kill" }>} order
 * @param {Peer} peer
 */
function steer(order, peer) {
  if (order.act === "write") peer.write(order.bytes);
  else if (order.act === "read") peer.resume();
  else peer[order.act]();
}

/** @returns how it ended, as host/runtime/node/main.ts would; and why, if that is not plain */
function run() {
  const { module, args } = start;
  if (typeof module === "string") return { code: EXIT.software, why: module };
  const outcome = runGuest(module, kernel, { args });
  if (outcome.kind === "exit") return { code: outcome.exitCode };
  if (signal !== null) return { code: null };
  const why = outcome.kind === "trap" ? outcome.trap : outcome.detail;
  return { code: TRAP_EXIT_CODE, why: `the module trapped: ${why}` };
}

const { code, why } = run();
// Whether anybody reads makes no difference any more.
for (const output of outputs.values()) output.resume();
if (why !== undefined) tell({ what: "data", stream: 2, bytes: Buffer.from(`${why}\n`) });
for (const stream of outputs.keys()) tell({ what: "end", stream });
tell({ what: "exit", code, signal: code === null ? signal : null });
// The peers still read what was sent to them, until the test is over.
for (;;) world.goOn(Infinity);
