/** Reads the message of the day for IRC clients. */
import { messageOf, usage } from "../base/errors.js";
import { readPlainFile } from "../base/plain_file.js";

/** The message of the day has at most this many bytes. */
export const MOTD_BYTES_MOST = 16_384;
/** A line of it has at most this many bytes, so that it fits a line of IRC. */
export const MOTD_LINE_BYTES_MOST = 400;

/**
 * Returns the message for the chat's module: its lines with `\n` between them.
 *
 * @throws UserError if the file cannot be read, or does not fit
 */
export function readMotd(file: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readPlainFile(file, MOTD_BYTES_MOST));
  } catch (error) {
    throw usage(`--motd ${file}: ${messageOf(error)}`);
  }
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const long = lines.findIndex((line) => Buffer.byteLength(line) > MOTD_LINE_BYTES_MOST);
  if (long >= 0)
    throw usage(`--motd ${file}: line ${long + 1} has more than ${MOTD_LINE_BYTES_MOST} bytes`);
  return lines.join("\n");
}
