/** Reads a file that somebody else names. */
import fs from "node:fs";

/**
 * A pipe or a device in its place would make us wait, or read, without end.
 *
 * @param bytesMost bytes that it may have
 * @throws Error that says why not, or the system's
 */
export function readPlainFile(file: string, bytesMost: number): Buffer {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    // Reading a directory fails, and the system says so.
    if (!stat.isFile() && !stat.isDirectory()) throw new Error("it is not a plain file");
    if (stat.size > bytesMost) throw new Error(`it has more than ${bytesMost} bytes`);
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
