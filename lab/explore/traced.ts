/**
 * Tells each call of a guest in the words of the stage, whatever its kernel. The Node runtime
 * loads this when it is asked to trace (host/runtime/node/worker.ts).
 */
import type { Kernel } from "../../host/runtime/kernel.js";
import { NO_TRACE, type Tracer } from "../../host/runtime/trace.js";
import { CallNotes, toldOf } from "./calls.js";
import type { Role } from "./moment.js";
import { roleOf } from "./roles.js";
import { sayCall, type Language } from "./words.js";

const MILLISECOND_NS = 1_000_000;

export interface Traced {
  kernel: Kernel;
  trace: Tracer;
}

/**
 * @param tell called with a line for each call, but for those of the program's own log
 * @returns the same kernel, watched, and the tracer to be run with it
 */
export function traced(kernel: Kernel, tell: (line: string) => void, language: Language): Traced {
  const notes = new CallNotes();
  let before: Role = "other";
  const watched = watchedKernel(kernel, notes);
  const end = (_: string, errno: number): void => {
    const role = roleOf(notes.call, before);
    before = role;
    if (role !== "log") tell(sayCall({ call: notes.call, errno, role, times: 1 }, language));
  };
  return { kernel: watched, trace: { ...NO_TRACE, end } };
}

/** The verbs that are noted; all others go to the kernel as they are. */
function watchedKernel(kernel: Kernel, notes: CallNotes): Kernel {
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
      // Its methods have private fields: they are its own alone.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
