/**
 * Where the socket of `pollcast ctl` is, if nobody says otherwise: one for each port served, in a
 * folder that is its user's alone. Whoever else could put a socket there would be told commands,
 * and answer them.
 */
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { ensurePrivateDirectory, isPrivateDirectory } from "../wasmtime/file_trust.js";

/** What the kernel has room for, in bytes: 108 on Linux, 104 on macOS, with a NUL. */
const PATH_BYTES_MOST = process.platform === "linux" ? 107 : 103;
/** A socket that nobody answers may have been made just now, and not listen yet. */
const STALE_MS = 10_000;
const NAME = /^pollcast-(\d{1,5})\.sock$/;

/** A folder, and in it the socket of a port. */
interface SocketPlace {
  folder: string;
  file: string;
}

/** The places that a server tries, and where it is looked for, in that order. */
export function socketPlaces(port: number): SocketPlace[] {
  return folders().map((folder) => ({ folder, file: path.join(folder, `pollcast-${port}.sock`) }));
}

/** The user's own, which a session has made; else one below the temporary directory. */
function folders(): string[] {
  const session = process.env["XDG_RUNTIME_DIR"] ?? "";
  const own = path.join(os.tmpdir(), `pollcast-${process.getuid?.() ?? "user"}`);
  return path.isAbsolute(session) ? [session, own] : [own];
}

/** @throws UserError if it is not there for us alone, and cannot be made so */
export function makeFolder(folder: string): void {
  let why: string | undefined;
  try {
    if (folder !== process.env["XDG_RUNTIME_DIR"]) why = ensurePrivateDirectory(folder);
    else if (!isOwnFolder(folder)) why = "it is not this user's alone";
  } catch (error) {
    why = messageOf(error);
  }
  if (why === undefined) return;
  throw new UserError("E_CTL_SOCKET", `no control socket in ${folder}: ${why}`);
}

/** Those that a server has left which was killed. */
export async function removeStaleSockets(folder: string): Promise<void> {
  for (const file of socketsIn(folder)) {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    const isOld = stat?.isSocket() === true && Date.now() - stat.mtimeMs > STALE_MS;
    if (isOld && !(await isAnswered(file))) fs.rmSync(file, { force: true });
  }
}

/** Those of our own servers at which somebody answers, with the ports. */
export async function liveSockets(): Promise<{ file: string; port: number }[]> {
  const here = folders().filter(isOwnFolder).flatMap(socketsIn);
  const live = await Promise.all(here.map(isAnswered));
  return here
    .filter((_, at) => live[at])
    .map((file) => ({ file, port: Number(NAME.exec(path.basename(file))?.[1]) }));
}

/** Whether nobody else can have put there what is there. It need not be there. */
export function isOwnFolder(folder: string): boolean {
  try {
    // A sticky one will not do: others could be the first to make a socket of that name.
    return isPrivateDirectory(folder);
  } catch {
    return false;
  }
}

/** Whether a server has this socket open, as far as can be told: one that may not be asked has. */
export async function isAnswered(file: string): Promise<boolean> {
  const probe = net.connect(file);
  const isLive = await new Promise<boolean>((resolve) => {
    probe.once("connect", () => resolve(true));
    probe.once("error", (error) => resolve(!["ECONNREFUSED", "ENOENT"].includes(errnoOf(error))));
  });
  probe.destroy();
  return isLive;
}

function socketsIn(folder: string): string[] {
  try {
    const names = fs.readdirSync(folder).filter((name) => NAME.test(name));
    return names.map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** @throws UserError */
export function checkSocketPath(file: string): void {
  const mistake = socketPathMistake(file);
  if (mistake !== undefined) throw new UserError("E_CTL_SOCKET", mistake);
}

/** @returns why it can be no socket's, or undefined */
export function socketPathMistake(file: string): string | undefined {
  const bytes = Buffer.byteLength(file);
  if (bytes <= PATH_BYTES_MOST) return undefined;
  return (
    `the path of the socket is too long for the system: ${file} has ${bytes} bytes, and may have ` +
    `${PATH_BYTES_MOST}: name a shorter one`
  );
}
