/**
 * The launcher's end of `pollcast ctl`: a Unix socket that only its user can open. A question is a
 * line of JSON, `{"command":"clients"}`, and so is its answer.
 */
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { Unanswered } from "./channel.js";
import { LineSplitter } from "../guest/lines.js";
import type { Operator } from "./operator.js";
import { checkSocketPath, isAnswered } from "./socket_path.js";

/** A question of `pollcast ctl` is so long at most. @limit bytes */
export const QUESTION_BYTES_MOST = 8_192;
/**
 * So many `pollcast ctl` may ask at a time; the next one is told to come again.
 * @limit connections
 */
const ASKERS_MOST = 32;
/** How long somebody may be connected without asking, in milliseconds. */
const SILENCE_MS = 10_000;
/** What the last answers get to be read in when the server stops, in milliseconds. */
const LAST_ANSWERS_MS = 500;

export interface ControlSocket {
  path: string;
  close(): Promise<void>;
}

/** What `pollcast ctl` gets. */
export interface SocketAnswer {
  text?: string;
  unknown?: boolean;
  refused?: boolean;
  stats?: unknown;
  /** Why there is no answer. */
  error?: string;
}

/** @throws UserError */
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
      // Node removes the file whose name it has, whoever has made it.
      if (fs.lstatSync(file, { throwIfNoEntry: false })?.ino !== ino) return;
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Nobody else may open it, not even in the moment before its mode is set. */
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

/** What a server left behind that died is removed; one that lives, or is no socket, is not ours. */
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
