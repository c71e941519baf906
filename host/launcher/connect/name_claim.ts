/**
 * Requests a name again and again while it is taken. After a break, the client's old connection
 * keeps the name until the server closes it.
 */
import { type ServerObject, textOf } from "./objects.js";

const WAIT_MS = 5_000;
const ATTEMPTS = 36;

export class NameClaim {
  #left = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param ask sends the request for the name */
  constructor(private readonly ask: () => void) {}

  begin(): void {
    this.#left = ATTEMPTS;
    this.#again();
  }

  end(): void {
    this.#left = 0;
    clearTimeout(this.#timer);
  }

  /** Returns true for a refusal that is not shown. The refusal of the last attempt is shown. */
  isAnswer(object: ServerObject): boolean {
    if (this.#left === 0 || textOf(object, "code") !== "name-taken") return false;
    this.#left--;
    if (this.#left === 0) return false;
    this.#again();
    return true;
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.ask, WAIT_MS);
  }
}
