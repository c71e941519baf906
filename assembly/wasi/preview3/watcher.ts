/** An observer of a descriptor, for example a selector's key. */
export abstract class Watcher {
  /** The next watcher of the same descriptor. */
  _next: Watcher | null = null;

  /**
   * Notifies the watcher that the descriptor may be ready or closed. Called often, so it must be
   * cheap.
   */
  abstract onChange(): void;
}
