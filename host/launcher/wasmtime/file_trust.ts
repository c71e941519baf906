/**
 * Whether another user can replace a file that the launcher runs.
 *
 * As in sshd, every directory above the file counts too: a user who can write to one of those can
 * replace the file. In a sticky directory (/tmp) only the owner of a file can.
 */
import fs from "node:fs";
import path from "node:path";
import { makeDirectory } from "../../bootstrap/directory.mjs";
import { errnoOf } from "../base/errors.js";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Makes a directory that only this user can read and write, or makes it so if it is there.
 *
 * @returns why it is not trusted, or undefined
 */
export function ensurePrivateDirectory(directory: string): string | undefined {
  makeDirectory(directory, 0o700);
  const stat = fs.lstatSync(directory);
  if (!stat.isDirectory()) return `${directory} is not a directory`;
  const problem = trustProblem(stat, directory, [ownUid()]);
  if (problem !== undefined) return problem;
  fs.chmodSync(directory, 0o700);
  return directoryTrustProblem(path.dirname(directory));
}

/** Whether a plain file is this user's, and no other user can write to it. */
export function isPrivateFile(file: string): boolean {
  const stat = fs.lstatSync(file);
  return stat.isFile() && trustProblem(stat, file, [ownUid()]) === undefined;
}

/** Whether a directory is there, is this user's, and no other user can write to it or move it. */
export function isPrivateDirectory(directory: string): boolean {
  const stat = fs.lstatSync(directory, { throwIfNoEntry: false });
  return (
    stat?.isDirectory() === true &&
    trustProblem(stat, directory, [ownUid()]) === undefined &&
    directoryTrustProblem(directory) === undefined
  );
}

/**
 * Checks a program in a cache, which users may share: it and the directories above it must be this
 * user's or root's.
 *
 * @returns why the file is not trusted, or undefined
 */
export function programTrustProblem(file: string): string | undefined {
  try {
    const real = fs.realpathSync(file);
    return (
      trustProblem(fs.statSync(file), file, [ownUid(), ROOT]) ??
      directoryTrustProblem(path.dirname(file)) ??
      directoryTrustProblem(path.dirname(real))
    );
  } catch (error) {
    return `${file} cannot be looked at (${errnoOf(error)})`;
  }
}

/**
 * Checks a directory and all above it, also those to which a symbolic link leads.
 *
 * @returns why one of them is not trusted, or undefined
 */
export function directoryTrustProblem(directory: string): string | undefined {
  for (const place of [directory, fs.realpathSync(directory)].flatMap(withAllAbove)) {
    const stat = fs.statSync(place);
    if ((stat.mode & STICKY) !== 0) continue;
    const why = trustProblem(stat, place, [ownUid(), ROOT]);
    if (why !== undefined) return why;
  }
  return undefined;
}

function trustProblem(
  stat: fs.Stats,
  place: string,
  owners: readonly number[],
): string | undefined {
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
