/**
 * The command `pollcast ctl`: sends a command to a server on this machine, over its control socket.
 */
import net from "node:net";
import { errnoOf, EXIT, UserError, usage } from "../base/errors.js";
import type { ConsoleOutput } from "../guest/console.js";
import { printable } from "../base/printable.js";
import { checkSocketPath, isOwnFolder, liveSockets, socketPlaces } from "./socket_path.js";

/**
 * The timeout for an answer, in milliseconds. It is longer than the server's own timeout for its
 * module.
 */
const WAIT_MS = 15_000;
/** The longest answer, in characters. Real answers are shorter. */
const ANSWER_MOST = 4 * 1024 * 1024;

/**
 * The answer of an unknown program at the socket. It should be a SocketAnswer, but nothing is
 * trusted.
 */
type RawAnswer = Partial<Record<"text" | "error" | "unknown" | "refused", unknown>>;

export interface CtlOptions {
  socket?: string | undefined;
  port: number;
  /**
   * True if the user has named the port. If so, only the server on that port may get the command.
   * If not, the command goes to the only server that answers.
   */
  isPortNamed?: boolean;
  json?: boolean | undefined;
}

/**
 * Sends a command, and prints the answer.
 *
 * @param words the command and its arguments
 * @returns the exit code
 * @throws UserError if the server refuses, does not know the command, or does not answer
 */
export async function ctl(
  words: readonly string[],
  options: CtlOptions,
  output: ConsoleOutput,
): Promise<number> {
  if (words.length === 0) throw usage("ctl needs a command: pollcast ctl help lists them");
  const file = options.socket ?? (await socketOf(options));
  checkSocketPath(file);
  const answer = await ask(file, words.join(" "));
  const { error, text = "" } = answer;
  if (options.json === true) output.write(`${printable(JSON.stringify(answer))}\n`);
  if (error !== undefined) throw new UserError("E_NO_ANSWER", textOf(error));
  if (answer.unknown === true) {
    throw usage(`there is no command ${JSON.stringify(words[0])}: pollcast ctl help lists them`);
  }
  if (answer.refused === true) throw new UserError("E_REFUSED", textOf(text).trimEnd());
  if (options.json !== true) output.write(textOf(text));
  return EXIT.ok;
}

function textOf(value: unknown): string {
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

/**
 * Returns the path of the socket: that of the port, or, if the user has named no port, that of the
 * only server that answers.
 *
 * @throws UserError if there are several, or no usable folder
 */
async function socketOf({ port, isPortNamed }: CtlOptions): Promise<string> {
  const live = await liveSockets();
  const ports = isPortNamed === true ? [port] : [...new Set(live.map((one) => one.port))];
  if (ports.length > 1)
    throw usage(`several servers run here: name one with --port (${ports.join(", ")})`);
  const [only = port] = ports;
  const found = live.find((one) => one.port === only)?.file ?? placeOf(only);
  if (found !== undefined) return found;
  const places = socketPlaces(port).map(({ folder }) => folder);
  const why = `no server answers: ${places.join(" and ")} would have its socket, and must be yours`;
  throw new UserError("E_NO_SERVER", `${why} alone; name another with --socket`);
}

/**
 * Returns the path where the socket of a port would be, or undefined if no folder is this user's
 * alone.
 */
function placeOf(port: number): string | undefined {
  return socketPlaces(port).find(({ folder }) => isOwnFolder(folder))?.file;
}

async function ask(file: string, command: string): Promise<RawAnswer> {
  const socket = net.connect(file);
  socket.setEncoding("utf8").setTimeout(WAIT_MS, () => {
    socket.destroy(new UserError("E_NO_ANSWER", `the server at ${file} does not answer`));
  });
  socket.write(`${JSON.stringify({ command })}\n`);
  let heard = "";
  try {
    for await (const text of socket) {
      heard += String(text);
      if (heard.length > ANSWER_MOST)
        throw new UserError("E_NO_ANSWER", `the server at ${file} answers without end`);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw await noServer(file, errnoOf(error));
  }
  try {
    const answer: unknown = JSON.parse(heard);
    if (typeof answer !== "object" || answer === null) throw new SyntaxError();
    return answer;
  } catch {
    throw new UserError("E_NO_ANSWER", `the server at ${file} ended before it answered`);
  }
}

async function noServer(file: string, errno: string): Promise<UserError> {
  const others = (await liveSockets()).map((one) => one.file).filter((one) => one !== file);
  const hint =
    others.length === 0
      ? "start one with pollcast serve, or name its socket with --socket"
      : `name one with --socket: ${others.join(", ")}`;
  return new UserError("E_NO_SERVER", `no server answers at ${file} (${errno}): ${hint}`);
}
