/**
 * Bans and mutes in the journal. After a change the whole list is written, in pieces. The first
 * piece replaces the former list.
 *
 *   STATE  more u32 (0: replaces the list), length of the name u32, name, lines
 */
import { Journal } from "../../journal/journal";
import { Penalties } from "../users/penalties";
import { RecordType } from "./record";

export const STATE_HEADER_BYTES: u32 = 8;
const PIECE_CHARACTERS: i32 = 16_384;

export class SavedPenalties {
  private lines: Array<string> = [];
  /** The revision that was written last. */
  private revision: u64 = 0;

  constructor(
    public name: string,
    private penalties: Penalties,
  ) {}

  get isChanged(): bool {
    return this.penalties.revision != this.revision;
  }

  writeList(journal: Journal): void {
    this.revision = this.penalties.revision;
    const lines = this.penalties.serialize();
    let next = 0;
    let more: u32 = 0;
    do {
      let text = "";
      while (next < lines.length && text.length < PIECE_CHARACTERS) text += lines[next++] + "\n";
      this.writePiece(journal, text, more);
      more = 1;
    } while (next < lines.length);
  }

  /** Reads a piece. @param more 0 if it begins a new list, 1 if it continues the last piece */
  readPiece(text: string, more: u32): void {
    if (more == 0) this.lines = [];
    this.lines = this.lines.concat(text.split("\n"));
  }

  /** Restores the list, after all pieces. @param now seconds since 1970 */
  restore(now: i64): void {
    this.penalties.restore(this.lines, now);
    this.lines = [];
  }

  private writePiece(journal: Journal, text: string, more: u32): void {
    const nameBytes = <u32>String.UTF8.byteLength(this.name);
    const textBytes = <u32>String.UTF8.byteLength(text);
    const at = journal.payload(STATE_HEADER_BYTES + nameBytes + textBytes);
    store<u32>(at, more);
    store<u32>(at, nameBytes, 4);
    const words = this.name + text;
    String.UTF8.encodeUnsafe(changetype<usize>(words), words.length, at + STATE_HEADER_BYTES);
    journal.seal(RecordType.STATE, STATE_HEADER_BYTES + nameBytes + textBytes, 0);
  }
}
