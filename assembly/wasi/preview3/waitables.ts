/**
 * The waitable set of a program. Each handle in it has an event handler. A selector, a blocking
 * read and a sleep all wait for this one set, and dispatch every event that they get.
 *
 * The host makes progress only while the program waits or yields, and one wait returns one event.
 * So a selector drains all events of the same instant ({@link drainEvents}), and a program that
 * tries without ever waiting has to yield ({@link yieldToHost}).
 */
import { countCall } from "../calls";
import { Handle } from "./abi";
import * as canonical from "./canonical";
import { Event } from "./canonical";

/** After a wait, a component yields at most this often, while that brings events. @limit yields */
const MAX_DRAIN_YIELDS: i32 = 64;

/** An object that has waitables in the set, and handles their events. */
export abstract class EventHandler {
  /**
   * Handles an event.
   *
   * @param payload the result of the read or write, or the state of the subtask
   */
  abstract onEvent(event: Event, payload: u32): void;
}

// Created at the first use: importing a file runs no code in AssemblyScript.
let set: Handle = 0;
/** The handlers by handle. Handles of all types share one sequence from 1 on, and are reused. */
let handlers = changetype<Array<EventHandler | null>>(0);

/** Adds a handle to the set. Its events go to `handler`. */
export function addWaitable(handle: Handle, handler: EventHandler): void {
  open();
  while (handlers.length <= handle) handlers.push(null);
  handlers[handle] = handler;
  countCall();
  canonical.join(handle, set);
}

/** Removes a handle from the set, if it is in it. Required before a cancel and before a drop. */
export function removeWaitable(handle: Handle): void {
  if (set == 0 || handle >= handlers.length || handlers[handle] === null) return;
  handlers[handle] = null;
  countCall();
  canonical.join(handle, 0);
}

/** Waits for one event and dispatches it. Never returns if no operation is in flight. */
export function wait(): void {
  open();
  countCall();
  dispatch(canonical.waitForSet(set, canonical.EVENT));
}

/** Dispatches all pending events. @returns true if there was one */
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

/**
 * Yields once, so that the host makes progress, and dispatches the events.
 *
 * @returns true if there was one
 */
export function yieldToHost(): bool {
  countCall();
  canonical.yieldThread();
  return dispatchAll();
}

/** Yields until no events come, so that all events of this instant are dispatched. */
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
