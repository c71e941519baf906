/** Reads a file whose path comes from outside of pollcast. */
import fs from "node:fs";

/**
 * Reads a whole file. It refuses a pipe or a device, which could block, or yield bytes without end.
 *
 * @param bytesMost the largest size that is accepted, in bytes
 * @throws Error with the reason, or the OS error
 */
export function readPlainFile(file: string, bytesMost: number): Buffer {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    // A directory passes this check: reading it fails with a clear error of the OS.
    if (!stat.isFile() && !stat.isDirectory()) throw new Error("it is not a plain file");
    if (stat.size > bytesMost) throw new Error(`it has more than ${bytesMost} bytes`);
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
