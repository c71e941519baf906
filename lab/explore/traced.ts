/**
 * Prints each call of a guest as a sentence, on any kernel. The Node runtime loads this for
 * `--trace` (host/runtime/node/worker.ts).
 */
import type { Kernel } from "../../host/runtime/kernel.js";
import { NO_TRACE, type Tracer } from "../../host/runtime/trace.js";
import { CallNotes, toldOf, type Poll } from "./calls.js";
import type { Role } from "./moment.js";
import { roleOf } from "./roles.js";
import { isShown } from "./view.js";
import { maskOf, sayCall, wordsOf, type Language } from "./words.js";

const MILLISECOND_NS = 1_000_000;
/** The least milliseconds between two reports of how often a program has spun. */
const SPIN_TOLD_MS = 1_000;

export interface Traced {
  kernel: Kernel;
  trace: Tracer;
}

/**
 * @param tell called with a line for each call that a stage shows: waits, the work between them,
 *   and checks of the host's events; a wait also gets a line before it begins
 * @returns a wrapper of the kernel, and the tracer to run with it
 */
export function traced(kernel: Kernel, tell: (line: string) => void, language: Language): Traced {
  const notes = new CallNotes();
  const spin = new Spin((times) => tell(wordsOf(language).again(times)));
  let before: Role = "other";
  const told = (errno: number, role: Role) =>
    sayCall({ call: notes.call, errno, role, times: 1 }, language);
  const waits = (poll: Poll): void => {
    if (roleOf(notes.call, before) === "wait" && !spin.knows(poll)) tell(told(0, "other"));
  };
  const end = (_: string, errno: number): void => {
    const role = roleOf(notes.call, before);
    before = role;
    if (!isShown(role)) return;
    if (role === "wait" && notes.call.poll !== undefined && spin.turns(notes.call.poll)) return;
    // The host's events are checked again after each wait of a spin.
    if (role === "verify" && spin.isTurning) return;
    spin.ends(role);
    tell(told(errno, role));
  };
  return { kernel: watchedKernel(kernel, notes, waits), trace: { ...NO_TRACE, end } };
}

/** Counts equal waits with nothing done between them, instead of printing each. */
class Spin {
  /** True if the last wait was like the one before. */
  isTurning = false;
  #last = "";
  #watched = "";
  #times = 0;
  #toldAt = 0;

  constructor(private readonly tell: (times: number) => void) {}

  /** Returns true if a wait that begins watches the same as the last one. */
  knows({ watched }: Poll): boolean {
    return maskOf(watched) === this.#watched;
  }

  /** Handles the end of a wait. @returns true if it was like the last one */
  turns({ watched, told }: Poll): boolean {
    const now = `${maskOf(watched)}: ${maskOf(told)}`;
    this.#watched = maskOf(watched);
    this.isTurning = now === this.#last;
    if (!this.isTurning) {
      this.#flush();
      this.#last = now;
      return false;
    }
    this.#times++;
    if (performance.now() - this.#toldAt > SPIN_TOLD_MS) this.#flush();
    return true;
  }

  /** Handles a call that is shown. Work ends a spin. */
  ends(role: Role): void {
    if (role === "wait" || role === "verify") return;
    this.#flush();
    this.isTurning = false;
    [this.#last, this.#watched] = ["", ""];
  }

  #flush(): void {
    if (this.#times > 0) this.tell(this.#times);
    this.#times = 0;
    this.#toldAt = performance.now();
  }
}

/** Returns the kernel with recorded calls; all other members are passed through. */
function watchedKernel(kernel: Kernel, notes: CallNotes, waits: (poll: Poll) => void): Kernel {
  const verbs: Partial<Kernel> = {
    enter(call) {
      notes.begin(call);
      kernel.enter(call);
    },
    accept: (fd, flags) => notes.accepted(fd, kernel.accept(fd, flags)),
    recv: (fd, to, flags) => notes.received(fd, to, flags, kernel.recv(fd, to, flags)),
    send: (fd, pieces) => notes.passed(fd, pieces, kernel.send(fd, pieces)),
    read: (fd, to) => notes.passed(fd, to, kernel.read(fd, to)),
    write: (fd, pieces) => notes.passed(fd, pieces, kernel.write(fd, pieces)),
    close: (fd) => notes.closed(fd, kernel.close(fd)),
    poll(subscriptions) {
      const poll = notes.polls(subscriptions);
      waits(poll);
      const from = performance.now();
      const events = kernel.poll(subscriptions);
      poll.waited = Math.round((performance.now() - from) * MILLISECOND_NS);
      poll.told = toldOf(subscriptions, events);
      return events;
    },
  };
  return new Proxy(kernel, {
    get(target, name) {
      const verb: unknown = Reflect.get(verbs, name);
      if (verb !== undefined) return verb;
      // The methods use private fields, so they must run on the original object.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
