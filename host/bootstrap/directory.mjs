/**
 * Directories that are made with all above them.
 *
 * Plain JavaScript on node: alone, because scripts/ needs it before anything is installed or built.
 */
import fs from "node:fs";
import path from "node:path";

/**
 * As `fs.mkdirSync` with `recursive`, which never comes back where a directory cannot be made and
 * the system says ENOENT, as in /proc.
 * @param {string} directory
 * @param {number} [mode]
 * @throws the system's error
 */
export function makeDirectory(directory, mode = 0o777) {
  const absolute = path.resolve(directory);
  if (fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = path.dirname(absolute);
  if (above !== absolute) makeDirectory(above, mode);
  try {
    fs.mkdirSync(absolute, mode);
  } catch (error) {
    // Another process was faster.
    const isThere = fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isThere) throw error;
  }
}
