/**
 * Creates directories, with their parents.
 *
 * Plain JavaScript that imports only node: modules and this folder, because scripts/ needs it
 * before anything is installed or built.
 */
import fs from "node:fs";
import path from "node:path";

/**
 * Creates a directory and its parents, unless they exist. It replaces `fs.mkdirSync` with
 * `recursive`, which loops for ever where mkdir fails with ENOENT, as in /proc.
 * @param {string} directory
 * @param {number} [mode] the permissions of each directory that is created
 * @throws the OS error
 */
export function makeDirectory(directory, mode = 0o777) {
  const absolute = path.resolve(directory);
  if (fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = path.dirname(absolute);
  if (above !== absolute) makeDirectory(above, mode);
  try {
    fs.mkdirSync(absolute, mode);
  } catch (error) {
    // Another process may have created it meanwhile.
    const isThere = fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isThere) throw error;
  }
}
