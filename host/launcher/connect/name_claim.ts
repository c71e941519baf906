/** After a break, the connection before may still hold the name: it is asked for again. */
import { type ServerObject, textOf } from "./objects.js";

const WAIT_MS = 5_000;
const ATTEMPTS = 36;

export class NameClaim {
  #left = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param ask asks for the name */
  constructor(private readonly ask: () => void) {}

  begin(): void {
    this.#left = ATTEMPTS;
    this.#again();
  }

  end(): void {
    this.#left = 0;
    clearTimeout(this.#timer);
  }

  /** Whether it is another refusal, which need not be shown; the last one is. */
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
