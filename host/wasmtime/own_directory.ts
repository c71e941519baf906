/**
 * Whether a directory is ours alone, so that what we find in it can only be what we put there.
 *
 * As sshd does with keys, every directory above it counts too: who can write to one of those can
 * exchange what is below. A sticky one (/tmp) is no such door.
 */
import fs from "node:fs";
import path from "node:path";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/** Makes it if need be, for us alone. @returns why it is not to be trusted, or undefined */
export function ownDirectory(directory: string): string | undefined {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const exposed = exposure(fs.lstatSync(directory), directory, [ownUid()]);
  if (exposed !== undefined) return exposed;
  fs.chmodSync(directory, 0o700);
  for (const above of directoriesAbove(fs.realpathSync(directory))) {
    const stat = fs.lstatSync(above);
    if ((stat.mode & STICKY) !== 0) continue;
    const why = exposure(stat, above, [ownUid(), ROOT]);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Whether a file is a plain one of ours that nobody else can write to. */
export function isOwnFile(file: string): boolean {
  const stat = fs.lstatSync(file);
  return stat.isFile() && stat.uid === ownUid() && (stat.mode & WRITABLE_BY_OTHERS) === 0;
}

function exposure(stat: fs.Stats, place: string, owners: readonly number[]): string | undefined {
  if (!stat.isDirectory()) return `${place} is not a directory`;
  if (!owners.includes(stat.uid)) return `${place} is another user's`;
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0) return `others can write to ${place}`;
  return undefined;
}

function directoriesAbove(directory: string): string[] {
  const above = path.dirname(directory);
  return above === directory ? [] : [above, ...directoriesAbove(above)];
}

function ownUid(): number {
  return process.getuid?.() ?? ROOT;
}
