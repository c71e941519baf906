/**
 * The server side of `pollcast ctl`: a Unix socket that only its user can open. A question is a
 * line of JSON, `{"command":"clients"}`; the answer is a line of JSON, too.
 */
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { Unanswered } from "./channel.js";
import { LineSplitter } from "../guest/lines.js";
import type { Operator } from "./operator.js";
import { checkSocketPath, isAnswered } from "./socket_path.js";

/** The longest question of a `pollcast ctl`. @limit bytes */
export const QUESTION_BYTES_MOST = 8_192;
/**
 * Connections of `pollcast ctl` at a time. Further ones are closed without an answer.
 *
 * @limit connections
 */
const ASKERS_MOST = 32;
/** The time in milliseconds in which a connection must send its question. */
const SILENCE_MS = 10_000;
/** The time in milliseconds to send the last answers when the server stops. */
const LAST_ANSWERS_MS = 500;

export interface ControlSocket {
  path: string;
  close(): Promise<void>;
}

/** The answer that `pollcast ctl` receives. */
export interface SocketAnswer {
  text?: string;
  unknown?: boolean;
  refused?: boolean;
  stats?: unknown;
  /** The reason why there is no answer. */
  error?: string;
}

/** Opens the control socket at a path. @throws UserError */
export async function openControlSocket(file: string, operator: Operator): Promise<ControlSocket> {
  checkSocketPath(file);
  const askers = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    askers.add(socket);
    socket.once("close", () => askers.delete(socket));
    void serveOne(socket, operator);
  });
  server.maxConnections = ASKERS_MOST;
  let ino: number;
  try {
    await removeStale(file);
    await listen(server, file);
    ({ ino } = fs.lstatSync(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = `cannot make the control socket ${file} (${errnoOf(error) || messageOf(error)})`;
    throw new UserError("E_CTL_SOCKET", `${why}: name another with --ctl`);
  }
  return {
    path: file,
    async close() {
      for (const socket of askers) {
        socket.destroySoon();
        setTimeout(() => socket.destroy(), LAST_ANSWERS_MS).unref();
      }
      // On close, Node removes the path even if another process has replaced the socket. So the
      // inode is compared first.
      if (fs.lstatSync(file, { throwIfNoEntry: false })?.ino !== ino) return;
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens with mode 0600. The umask keeps other users out until the mode is set. */
async function listen(server: net.Server, file: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    server.listen(file);
  } finally {
    process.umask(before);
  }
  await once(server, "listening");
  fs.chmodSync(file, 0o600);
}

/**
 * Removes the socket of a server that died.
 *
 * @throws UserError if a server answers at it, or it is no socket
 */
async function removeStale(file: string): Promise<void> {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new UserError("E_CTL_SOCKET", `${file} is there and no socket: name another with --ctl`);
  }
  if (await isAnswered(file)) {
    const why = `another server answers at the control socket ${file}`;
    throw new UserError("E_CTL_SOCKET", `${why}: stop it, or name another with --ctl`);
  }
  fs.rmSync(file, { force: true });
}

async function serveOne(socket: net.Socket, operator: Operator): Promise<void> {
  socket.on("error", () => undefined);
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  const lines = new LineSplitter(QUESTION_BYTES_MOST);
  const line = await new Promise<string | undefined>((resolve) => {
    socket.on("data", (chunk) => {
      const [first] = lines.take(chunk);
      if (first !== undefined) resolve(first);
    });
    socket.once("close", () => resolve(undefined));
  });
  if (line === undefined) return;
  socket.setTimeout(0);
  socket.end(`${JSON.stringify(await answerTo(line, operator))}\n`);
}

async function answerTo(line: string, operator: Operator): Promise<SocketAnswer> {
  try {
    if (Buffer.byteLength(line) > QUESTION_BYTES_MOST) {
      return { error: `a question has at most ${QUESTION_BYTES_MOST} bytes` };
    }
    const question: unknown = JSON.parse(line);
    if (typeof question !== "object" || question === null || !("command" in question)) {
      return { error: 'a question is an object with "command"' };
    }
    return await operator.run(String(question.command), { name: "ctl", seesLog: false });
  } catch (error) {
    if (error instanceof SyntaxError) return { error: "a question is a line of JSON" };
    if (error instanceof Unanswered) return { error: error.message };
    return { error: messageOf(error) };
  }
}
