/**
 * The one set of waitables that a program waits for. Each handle in it has an owner, which is told
 * of its events. A selector, a blocking read and a sleep all wait here, and take the events of all.
 *
 * The host works only while the program waits or yields, and a wait brings about one event. So what
 * arrived in the same instant has to be gathered (see {@link gather}), and a program that tries and
 * never waits has to yield (see {@link giveWay}).
 */
import { countCall } from "../calls";
import { Handle } from "./abi";
import * as canonical from "./canonical";
import { Event } from "./canonical";

/** After a wait, the host is let work so often at most, as long as that brings something. */
const GATHER_YIELDS: i32 = 64;

/** Has waitables in the set. */
export abstract class Owner {
  /** @param payload the answer of the read or write, or the state of the subtask */
  abstract onEvent(event: Event, payload: u32): void;
}

// Made when it is first needed: an import alone runs nothing.
let set: Handle = 0;
/** By handle: all kinds are numbered in one row, from 1 on, and numbers are used again. */
let owners = changetype<Array<Owner | null>>(0);

/** Puts a handle into the set. */
export function enlist(handle: Handle, owner: Owner): void {
  open();
  while (owners.length <= handle) owners.push(null);
  owners[handle] = owner;
  countCall();
  canonical.join(handle, set);
}

/** Takes a handle out, if it is in it; to be done before a cancel and before it is dropped. */
export function discharge(handle: Handle): void {
  if (set == 0 || handle >= owners.length || owners[handle] === null) return;
  owners[handle] = null;
  countCall();
  canonical.join(handle, 0);
}

/** Waits until something has happened: for ever, if nothing is under way. */
export function wait(): void {
  open();
  countCall();
  tell(canonical.waitForSet(set, canonical.EVENT));
}

/** Takes what has happened. @returns whether anything has */
function takeAll(): bool {
  if (set == 0) return false;
  let found = false;
  while (true) {
    countCall();
    const event = canonical.pollSet(set, canonical.EVENT);
    if (event == Event.NONE) return found;
    tell(event);
    found = true;
  }
}

/** Lets the host work once, and takes what has come of it. @returns whether anything has */
export function giveWay(): bool {
  countCall();
  canonical.yieldThread();
  return takeAll();
}

/** Takes all that has arrived in this instant: each time that the host works it brings some. */
export function gather(): void {
  for (let i = 0; i < GATHER_YIELDS; i++) if (!giveWay()) return;
}

function open(): void {
  if (set != 0) return;
  countCall();
  set = canonical.newSet();
  owners = new Array<Owner | null>();
}

function tell(event: Event): void {
  const handle = load<Handle>(canonical.EVENT);
  const owner = owners[handle];
  assert(owner !== null, "an event without an owner");
  owner!.onEvent(event, load<u32>(canonical.EVENT, canonical.PAYLOAD_AT));
}
