/**
 * The default path of the control socket: one for each port, in a folder that only its user can
 * write to. Another user who could create a socket there would receive commands and answer them.
 */
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { ensurePrivateDirectory, isPrivateDirectory } from "../wasmtime/file_trust.js";

/**
 * The longest path of a Unix socket in bytes. The OS has 108 on Linux and 104 on macOS, including
 * the NUL.
 */
const PATH_BYTES_MOST = process.platform === "linux" ? 107 : 103;
/**
 * The age in milliseconds from which a socket without an answer is stale. A younger one may belong
 * to a server that does not listen yet.
 */
const STALE_MS = 10_000;
const NAME = /^pollcast-(\d{1,5})\.sock$/;

/** A folder, and the socket of a port in it. */
interface SocketPlace {
  folder: string;
  file: string;
}

/** Returns the paths for a port, in the order in which servers and clients try them. */
export function socketPlaces(port: number): SocketPlace[] {
  return folders().map((folder) => ({ folder, file: path.join(folder, `pollcast-${port}.sock`) }));
}

/**
 * Returns the folders: the session's runtime directory, then one in the directory for temporary
 * files.
 */
function folders(): string[] {
  const session = process.env["XDG_RUNTIME_DIR"] ?? "";
  const own = path.join(os.tmpdir(), `pollcast-${process.getuid?.() ?? "user"}`);
  return path.isAbsolute(session) ? [session, own] : [own];
}

/** Creates a folder that only this user can write to. @throws UserError if that is impossible */
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

/** Removes the sockets of servers that were killed. */
export async function removeStaleSockets(folder: string): Promise<void> {
  for (const file of socketsIn(folder)) {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    const isOld = stat?.isSocket() === true && Date.now() - stat.mtimeMs > STALE_MS;
    if (isOld && !(await isAnswered(file))) fs.rmSync(file, { force: true });
  }
}

/** Returns the sockets of this user's servers that answer, with their ports. */
export async function liveSockets(): Promise<{ file: string; port: number }[]> {
  const here = folders().filter(isOwnFolder).flatMap(socketsIn);
  const live = await Promise.all(here.map(isAnswered));
  return here
    .filter((_, at) => live[at])
    .map((file) => ({ file, port: Number(NAME.exec(path.basename(file))?.[1]) }));
}

/** Returns true if the folder exists and only this user can create files in it. */
export function isOwnFolder(folder: string): boolean {
  try {
    // A sticky folder such as /tmp is not enough: another user could create the socket first.
    return isPrivateDirectory(folder);
  } catch {
    return false;
  }
}

/** Returns true if a server listens on the socket, or if this user may not connect to it. */
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

/** Checks the length of a socket's path. @throws UserError */
export function checkSocketPath(file: string): void {
  const mistake = socketPathMistake(file);
  if (mistake !== undefined) throw new UserError("E_CTL_SOCKET", mistake);
}

/** Returns the error for a path that is too long, or undefined. */
export function socketPathMistake(file: string): string | undefined {
  const bytes = Buffer.byteLength(file);
  if (bytes <= PATH_BYTES_MOST) return undefined;
  return (
    `the path of the socket is too long for the system: ${file} has ${bytes} bytes, and may have ` +
    `${PATH_BYTES_MOST}: name a shorter one`
  );
}
