/**
 * The one set of waitables that a program waits for. Each handle in it has an event handler. A
 * selector, a blocking read and a sleep all wait here, and dispatch the events of all.
 *
 * The host works only while the program waits or yields, and a wait brings about one event. So a
 * selector drains all events of the same instant ({@link drainEvents}), and a program that tries
 * and never waits has to yield ({@link yieldToHost}).
 */
import { countCall } from "../calls";
import { Handle } from "./abi";
import * as canonical from "./canonical";
import { Event } from "./canonical";

/** After a wait, a component yields so often at most, while that brings events. @limit yields */
const MAX_DRAIN_YIELDS: i32 = 64;

/** Has waitables in the set, and handles their events. */
export abstract class EventHandler {
  /** @param payload the answer of the read or write, or the state of the subtask */
  abstract onEvent(event: Event, payload: u32): void;
}

// Made when it is first needed: an import alone runs nothing.
let set: Handle = 0;
/** By handle: all kinds are numbered in one row, from 1 on, and numbers are used again. */
let handlers = changetype<Array<EventHandler | null>>(0);

/** Puts a handle into the set. Its events go to `handler`. */
export function addWaitable(handle: Handle, handler: EventHandler): void {
  open();
  while (handlers.length <= handle) handlers.push(null);
  handlers[handle] = handler;
  countCall();
  canonical.join(handle, set);
}

/** Takes a handle out of the set, if it is there: before a cancel, and before a drop. */
export function removeWaitable(handle: Handle): void {
  if (set == 0 || handle >= handlers.length || handlers[handle] === null) return;
  handlers[handle] = null;
  countCall();
  canonical.join(handle, 0);
}

/** Waits for one event and dispatches it. Waits for ever if nothing is under way. */
export function wait(): void {
  open();
  countCall();
  dispatch(canonical.waitForSet(set, canonical.EVENT));
}

/** Dispatches the events that are there. @returns whether there was any */
function dispatchAll(): bool {
  if (set == 0) return false;
  let found = false;
  while (true) {
    countCall();
    const event = canonical.pollSet(set, canonical.EVENT);
    if (event == Event.NONE) return found;
    dispatch(event);
    found = true;
  }
}

/** Lets the host work once, and dispatches the events. @returns whether there was any */
export function yieldToHost(): bool {
  countCall();
  canonical.yieldThread();
  return dispatchAll();
}

/** Yields until a yield brings no event: so all events of this instant are dispatched. */
export function drainEvents(): void {
  for (let i = 0; i < MAX_DRAIN_YIELDS; i++) if (!yieldToHost()) return;
}

function open(): void {
  if (set != 0) return;
  countCall();
  set = canonical.newSet();
  handlers = new Array<EventHandler | null>();
}

function dispatch(event: Event): void {
  const handle = load<Handle>(canonical.EVENT);
  const handler = handlers[handle];
  assert(handler !== null, "an event without a handler");
  handler!.onEvent(event, load<u32>(canonical.EVENT, canonical.PAYLOAD_AT));
}
