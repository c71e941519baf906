/**
 * Finds users or rooms by their names. Names that look alike are one name: a name is found by its
 * key, or by the key of how its capitals look.
 */
import { foldCapitals } from "../../text/fold";
import { nameKey } from "./name_key";

export class NameIndex<T> {
  private byKey: Map<string, T> = new Map();
  /** The few whose capitals look different, by their second key. */
  private byLook: Map<string, T> = new Map();

  get size(): i32 {
    return this.byKey.size;
  }

  /** Returns all, in the order in which they were added. */
  all(): Array<T> {
    return this.byKey.values();
  }

  /** Returns the one with this name, or a name that looks like it, or null. */
  find(name: string): T | null {
    return this.findOther(name, null);
  }

  /** Returns one with this name, or a name that looks like it, except `own`; null if none. */
  findOther(name: string, own: T | null): T | null {
    const found = this.withKey(nameKey(name));
    if (found !== null && found !== own) return found;
    const look = foldCapitals(name);
    if (look == "") return null;
    const seen = this.withKey(look);
    return seen !== null && seen !== own ? seen : null;
  }

  /** Adds one. No other one may have the name. @param key the key of the name */
  add(name: string, key: string, one: T): void {
    this.byKey.set(key, one);
    const look = foldCapitals(name);
    if (look != "") this.byLook.set(look, one);
  }

  /** Removes the one with this name. @param key the key of the name */
  remove(name: string, key: string): void {
    this.byKey.delete(key);
    const look = foldCapitals(name);
    if (look != "") this.byLook.delete(look);
  }

  private withKey(key: string): T | null {
    if (this.byKey.has(key)) return this.byKey.get(key);
    return this.byLook.has(key) ? this.byLook.get(key) : null;
  }
}
