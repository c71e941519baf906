/**
 * Checks whether another user can replace a file that the launcher runs.
 *
 * As in sshd, the directories above the file count, too: a user who can write to one can replace
 * the file. In a sticky directory such as /tmp, only the owner of a file can replace it.
 */
import fs from "node:fs";
import path from "node:path";
import { makeDirectory } from "../../bootstrap/directory.mjs";
import { errnoOf } from "../base/errors.js";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Creates a directory that only this user can read and write, or restricts an existing one.
 *
 * @returns the reason not to trust it, or undefined
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

/** Returns true for a plain file of this user that no other user can write to. */
export function isPrivateFile(file: string): boolean {
  const stat = fs.lstatSync(file);
  return stat.isFile() && trustProblem(stat, file, [ownUid()]) === undefined;
}

/** Returns true for a directory of this user that no other user can write to or move. */
export function isPrivateDirectory(directory: string): boolean {
  const stat = fs.lstatSync(directory, { throwIfNoEntry: false });
  return (
    stat?.isDirectory() === true &&
    trustProblem(stat, directory, [ownUid()]) === undefined &&
    directoryTrustProblem(directory) === undefined
  );
}

/**
 * Checks a program in a cache, which users may share. The file and the directories above it must
 * belong to this user or to root.
 *
 * @returns the reason not to trust the file, or undefined
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
 * Checks a directory and all above it, also along symbolic links.
 *
 * @returns the reason not to trust one of them, or undefined
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
