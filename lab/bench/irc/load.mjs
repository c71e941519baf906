/**
 * The load generator for IRC: one thread with a socket for each user. It counts the messages that
 * arrive, and does not look into them. Arguments: one JSON object (Load). It
 * prints one JSON object (IrcFound).
 */
import fs from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {object} Load
 * @property {number} port
 * @property {number} pid of the server
 * @property {number} users
 * @property {number} channels the users are spread over so many
 * @property {number} senders of each channel
 * @property {number} rate lines a second of all senders together
 * @property {number} seconds of the measured window; 0: only the joins are measured
 */

/**
 * @typedef {object} IrcFound
 * @property {number} joinCpuSeconds processor time of the server while all users joined
 * @property {number} joinSeconds
 * @property {number} bytesPerUser growth of the server's resident memory
 * @property {number} cpuSeconds of the measured window
 * @property {number} delivered lines that users received in the window
 * @property {number} missing lines that did not arrive
 */

/** Some servers accept few connections in a turn, and have a short backlog. */
const AT_A_TIME = 50;
const PATIENCE_MS = 60_000;
const TURN_MS = 5;
const SETTLE_MS = 300;
const TEXT = "x".repeat(48);
const LINE_END = 10;
const MESSAGE = " PRIVMSG ";
const NOTHING = Buffer.alloc(0);

const load = /** @type {Load} */ (JSON.parse(process.argv[2] ?? "{}"));

class User {
  /** Messages that have arrived. */
  lines = 0;
  /** The end of the last read, in which a message may begin. @type {Buffer} */
  tail = NOTHING;
  isRegistered = false;
  hasJoined = false;

  /** @param {number} index */
  constructor(index) {
    this.index = index;
    this.socket = connect({ port: load.port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (bytes) => this.onData(bytes));
    this.socket.on("error", (error) => fail(`user ${index}: ${error.message}`));
    this.socket.on("close", () => !isOver && fail(`user ${index} was closed`));
    this.socket.write(`NICK u${index}\r\nUSER u${index} 0 * :user\r\n`);
  }

  get channel() {
    return `#c${this.index % load.channels}`;
  }

  /** @param {Buffer} bytes */
  onData(bytes) {
    if (this.hasJoined && bytes[0] !== PING_START) {
      // The word may be spread over two reads.
      const all = this.tail.length === 0 ? bytes : Buffer.concat([this.tail, bytes]);
      for (let at = all.indexOf(MESSAGE); at >= 0; at = all.indexOf(MESSAGE, at + 1)) this.lines++;
      const isWhole = all.at(-1) === LINE_END;
      this.tail = isWhole ? NOTHING : Buffer.from(all.subarray(1 - MESSAGE.length));
      return;
    }
    const text = bytes.toString("latin1");
    const ping = /PING (\S+)\r?\n/.exec(text);
    if (ping !== null) this.socket.write(`PONG ${ping[1]}\r\n`);
    if (/^:\S+ 001 /m.test(text)) this.isRegistered = true;
    if (/^:\S+ 366 /m.test(text)) this.hasJoined = true;
  }
}

const PING_START = "P".charCodeAt(0);
let isOver = false;

/** @param {string} problem @returns {never} */
function fail(problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** @param {string} what @param {() => boolean} condition */
async function until(what, condition) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) fail(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await sleep(TURN_MS);
  }
}

/** Returns the processor time of all threads of the server, in seconds. */
function serverCpu() {
  const tasks = fs.readdirSync(`/proc/${load.pid}/task`);
  const times = tasks.map((task) => {
    const text = fs.readFileSync(`/proc/${load.pid}/task/${task}/schedstat`, "utf8");
    return Number(text.split(" ")[0]) / 1e9;
  });
  return times.reduce((sum, one) => sum + one, 0);
}

/** Returns the resident memory of the server, in bytes. */
function serverMemory() {
  const status = fs.readFileSync(`/proc/${load.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
}

const memoryBefore = serverMemory();
/** @type {User[]} */
const users = [];
while (users.length < load.users) {
  const some = Math.min(AT_A_TIME, load.users - users.length);
  for (let i = 0; i < some; i++) users.push(new User(users.length));
  await until("users register", () => users.every((user) => user.isRegistered));
}
await sleep(SETTLE_MS);

const joinStart = performance.now();
const joinCpu = serverCpu();
for (const user of users) user.socket.write(`JOIN ${user.channel}\r\n`);
await until("users join", () => users.every((user) => user.hasJoined));
const joinSeconds = (performance.now() - joinStart) / 1000;
// The last joins are still being announced.
const arrived = () => users.reduce((sum, user) => sum + user.socket.bytesRead, 0);
for (let before = -1; before !== arrived();) {
  before = arrived();
  await sleep(SETTLE_MS);
}
const received = () => users.reduce((sum, user) => sum + user.lines, 0);
const joinCpuSeconds = serverCpu() - joinCpu;
const bytesPerUser = (serverMemory() - memoryBefore) / load.users;

const before = received();
const cpu = serverCpu();
const senders = users.slice(0, load.senders * load.channels);
const start = performance.now();
let said = 0;
for (;;) {
  const elapsed = Math.min(load.seconds, (performance.now() - start) / 1000);
  for (; said < elapsed * load.rate; said++) {
    const sender = /** @type {User} */ (senders[said % senders.length]);
    sender.socket.write(`PRIVMSG ${sender.channel} :${TEXT}\r\n`);
  }
  if (elapsed >= load.seconds) break;
  await sleep(TURN_MS);
}
const expected = said * (load.users / load.channels - 1);
const deadline = performance.now() + PATIENCE_MS;
while (received() - before < expected && performance.now() < deadline) await sleep(TURN_MS);
const delivered = received() - before;
const cpuSeconds = serverCpu() - cpu;
isOver = true;
const missing = expected - delivered;
process.stdout.write(
  JSON.stringify({ joinCpuSeconds, joinSeconds, bytesPerUser, cpuSeconds, delivered, missing }),
);
process.exit(0);
