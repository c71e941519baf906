/**
 * The names of clients that have not chosen one and whose addresses are known: `guest-7f3a`. The
 * name does not reveal the address: it is a hash with a key that is drawn at each start. A client
 * that comes back from its address gets its name again, if that is free.
 */
import { hostOf } from "../../text/ip_range";
import { keyedHash } from "../../text/keyed_hash";
import { GUEST } from "../../text/names";
import { random } from "../../wasi/random";
import { UserDirectory } from "./user_directory";

/** A name has at least this many hexadecimal digits. */
const DIGITS_LEAST: i32 = 4;
/** The hexadecimal digits of a host. */
const HOST_DIGITS: i32 = 12;
const DIGITS_MOST: i32 = 16;

export class GuestNames {
  private hasKey: bool = false;
  private key0: u64 = 0;
  private key1: u64 = 0;

  /**
   * Returns a free name for a client.
   *
   * @param peer its address: `203.0.113.7:51234`
   * @param id the number of its session, which makes its name unique if its address has many
   */
  nameFor(peer: string, id: u64, users: UserDirectory): string {
    this.drawKey();
    const host = hostOf(peer);
    // Two clients of one address get different hashes, so that their names do not show the common
    // address.
    let name = "";
    for (let digits = DIGITS_LEAST; digits < DIGITS_MOST; digits++) {
      name = `${GUEST}-${this.digitsOf(`${host} ${digits}`, digits)}`;
      if (users.find(name) === null) return name;
    }
    for (let again: u64 = 0; users.find(name) !== null; again++) {
      name = `${GUEST}-${this.digitsOf(`${host} ${id} ${again}`, DIGITS_MOST)}`;
    }
    return name;
  }

  /** Returns what IRC shows as the host of a client. It says nothing of the address. */
  hostFor(peer: string): string {
    this.drawKey();
    return `${this.digitsOf(`${hostOf(peer)} host`, HOST_DIGITS)}.pollcast`;
  }

  private digitsOf(text: string, count: i32): string {
    const hash = keyedHash(this.key0, this.key1, changetype<usize>(text), (<u32>text.length) << 1);
    return hash.toString(16).padStart(DIGITS_MOST, "0").substring(0, count);
  }

  private drawKey(): void {
    if (this.hasKey) return;
    this.hasKey = true;
    this.key0 = random();
    this.key1 = random();
  }
}
