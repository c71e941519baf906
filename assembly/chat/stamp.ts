/** The tutorial's stamp, `YYYY/MM/DD HH:MM:SS `, made anew once a second. */
import { STAMP_BYTES, writeStamp } from "../text/calendar";
import { realtime } from "../wasi/clock";

const SPACE: u8 = 0x20;
const text = memory.data(32);

export class Stamp {
  /** Bytes of the stamp and the space after it. */
  static readonly BYTES: u32 = STAMP_BYTES + 1;

  private second: i64 = i64.MIN_VALUE;
  private tick: u64 = u64.MAX_VALUE;

  /** @param offsetMinutes the time zone, in minutes east of UTC */
  constructor(private offsetMinutes: i32) {}

  /** Looks at the clock, once a tick, so that most lines cost no call of the host. */
  update(tick: u64): void {
    if (tick == this.tick) return;
    this.tick = tick;
    const second = <i64>(realtime() / 1_000_000_000);
    if (second == this.second) return;
    this.second = second;
    writeStamp(text, second + <i64>this.offsetMinutes * 60);
    store<u8>(text + STAMP_BYTES, SPACE);
  }

  /** Writes it. @returns its bytes */
  write(at: usize): u32 {
    memory.copy(at, text, Stamp.BYTES);
    return Stamp.BYTES;
  }
}
