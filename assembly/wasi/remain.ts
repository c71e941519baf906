/** What is left of a connection that is closed here, and that the host still has. */
export class Remain {
  /** How many have gone: whoever waits for some looks again when this has changed. */
  static gone: u32 = 0;
  isGone: bool = false;

  /** The host has given it back. */
  goes(): void {
    this.isGone = true;
    Remain.gone++;
  }
}
