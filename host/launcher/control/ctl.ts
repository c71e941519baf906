/** `pollcast ctl`: asks a server that runs on this machine, over its control socket. */
import net from "node:net";
import { errnoOf, EXIT, UserError, usage } from "../base/errors.js";
import type { ConsoleOutput } from "../guest/console.js";
import type { SocketAnswer } from "./socket.js";
import { checkSocketPath, defaultSocketPath, liveSocketPaths } from "./socket_path.js";

/** More than the server needs to find out that its module does not answer. */
const WAIT_MS = 15_000;

export interface CtlOptions {
  socket?: string | undefined;
  port: number;
  /** Whether it is this one's server or none: another is not to be told what it is meant to do. */
  isPortNamed?: boolean;
  json?: boolean | undefined;
}

/** @returns the exit code */
export async function ctl(
  words: readonly string[],
  options: CtlOptions,
  output: ConsoleOutput,
): Promise<number> {
  if (words.length === 0) throw usage("ctl needs a command: pollcast ctl help lists them");
  const file = options.socket ?? (await socketOf(options));
  checkSocketPath(file);
  const answer = await ask(file, words.join(" "));
  if (options.json === true) output.write(`${JSON.stringify(answer)}\n`);
  if (answer.error !== undefined) throw new UserError("E_NO_ANSWER", answer.error);
  if (answer.unknown === true) {
    throw usage(`there is no command ${JSON.stringify(words[0])}: pollcast ctl help lists them`);
  }
  if (answer.refused === true) throw new UserError("E_REFUSED", (answer.text ?? "").trimEnd());
  if (options.json !== true) output.write(answer.text ?? "");
  return EXIT.ok;
}

/** The port's own; or, if nobody has named a port, the only one where somebody answers. */
async function socketOf({ port, isPortNamed }: CtlOptions): Promise<string> {
  const own = defaultSocketPath(port);
  if (isPortNamed === true) return own;
  const live = await liveSocketPaths();
  const [only = own] = live;
  return live.length === 1 ? only : own;
}

async function ask(file: string, command: string): Promise<SocketAnswer> {
  const socket = net.connect(file);
  socket.setEncoding("utf8").setTimeout(WAIT_MS, () => {
    socket.destroy(new UserError("E_NO_ANSWER", `the server at ${file} does not answer`));
  });
  socket.write(`${JSON.stringify({ command })}\n`);
  let heard = "";
  try {
    for await (const text of socket) heard += String(text);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw await noServer(file, errnoOf(error));
  }
  try {
    return JSON.parse(heard) as SocketAnswer;
  } catch {
    throw new UserError("E_NO_ANSWER", `the server at ${file} ended before it answered`);
  }
}

async function noServer(file: string, errno: string): Promise<UserError> {
  const others = (await liveSocketPaths()).filter((one) => one !== file);
  const hint =
    others.length === 0
      ? "start one with pollcast serve, or name its socket with --socket"
      : `name one with --socket: ${others.join(", ")}`;
  return new UserError("E_NO_SERVER", `no server answers at ${file} (${errno}): ${hint}`);
}
