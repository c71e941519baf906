/** Hears that something has happened to a descriptor: a key of a selector, for one. */
export abstract class Watcher {
  /** The next watcher of the same descriptor. */
  _next: Watcher | null = null;

  /** It may be ready now, or be closed: look at it. Called often, so it must be cheap. */
  abstract onChange(): void;
}
