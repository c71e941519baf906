/**
 * Whether others can exchange a file that we run.
 *
 * As sshd does with keys, every directory above it counts too: who can write to one of those can
 * exchange what is below. A sticky one (/tmp) is no such door.
 */
import fs from "node:fs";
import path from "node:path";
import { errnoOf } from "../base/errors.js";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/** Makes it, if need be, for us alone. @returns why it is not to be trusted, or undefined */
export function ownDirectory(directory: string): string | undefined {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(directory);
  if (!stat.isDirectory()) return `${directory} is not a directory`;
  const exposed = exposure(stat, directory, [ownUid()]);
  if (exposed !== undefined) return exposed;
  fs.chmodSync(directory, 0o700);
  return exposedDirectory(path.dirname(directory));
}

/** Whether a file is a plain one of ours that nobody else can write to. */
export function isOwnFile(file: string): boolean {
  const stat = fs.lstatSync(file);
  return stat.isFile() && exposure(stat, file, [ownUid()]) === undefined;
}

/**
 * For a program in a cache, which may be shared: it and what it lies in are ours or root's.
 *
 * @returns why the file is not trusted, or undefined
 */
export function exposedProgram(file: string): string | undefined {
  try {
    const real = fs.realpathSync(file);
    return (
      exposure(fs.statSync(file), file, [ownUid(), ROOT]) ??
      exposedDirectory(path.dirname(file)) ??
      exposedDirectory(path.dirname(real))
    );
  } catch (error) {
    return `${file} cannot be looked at (${errnoOf(error)})`;
  }
}

/** Of a directory and all above it, also of those where a symbolic link leads. */
export function exposedDirectory(directory: string): string | undefined {
  for (const place of [directory, fs.realpathSync(directory)].flatMap(withAllAbove)) {
    const stat = fs.statSync(place);
    if ((stat.mode & STICKY) !== 0) continue;
    const why = exposure(stat, place, [ownUid(), ROOT]);
    if (why !== undefined) return why;
  }
  return undefined;
}

function exposure(stat: fs.Stats, place: string, owners: readonly number[]): string | undefined {
  if (!owners.includes(stat.uid)) return `${place} is another user's`;
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0) return `others can write to ${place}`;
  return undefined;
}

function withAllAbove(place: string): string[] {
  const above = path.dirname(place);
  return above === place ? [place] : [place, ...withAllAbove(above)];
}

function ownUid(): number {
  return process.getuid?.() ?? ROOT;
}
