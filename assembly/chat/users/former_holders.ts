/**
 * Remembers the names that users have given up lately, so that a private message does not go to the
 * next user of a name by mistake.
 */

/** The server remembers at most twice as many names that were given up. @limit names */
export const FORMER_NAMES: i32 = 1000;

class Former {
  constructor(
    public id: u64,
    /** The id of the newest session when the name was given up. */
    public newestId: u64,
  ) {}
}

export class FormerHolders {
  /** The names by key. When the first map is full, it becomes the second one. */
  private young: Map<string, Former> = new Map();
  private old: Map<string, Former> = new Map();

  /**
   * Records that a user gives up its name.
   *
   * @param id the id of its session
   * @param newestId the id of the newest session
   */
  remember(key: string, id: u64, newestId: u64): void {
    if (this.young.size >= FORMER_NAMES) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, new Former(id, newestId));
  }

  /**
   * Returns true if another user than `holder` has had a name, and gave it up after `witness`
   * connected.
   *
   * @param holder the id of the session that has the name now
   * @param witness the id of the session that asks
   */
  hadAnotherHolder(key: string, holder: u64, witness: u64): bool {
    const map = this.young.has(key) ? this.young : this.old;
    if (!map.has(key)) return false;
    const former = map.get(key);
    return former.id != holder && witness <= former.newestId;
  }
}
