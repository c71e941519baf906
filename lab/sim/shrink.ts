/**
 * Shrinks a failing world: looks for fewer clients, faults and events that still fail by the same
 * oracle.
 */
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { play } from "./play.js";
import type { Event, FaultName, WorldSpec } from "./spec.js";
import type { Oracle } from "./failure.js";

/**
 * The most worlds that are tried. It is a count and not a time, so that the result is the same
 * everywhere.
 */
const TRIES_MOST = 400;
const TEXT_SHOWN = 60;

export function shrink(spec: WorldSpec, oracle: Oracle, module: WasmModule): WorldSpec {
  let best = spec;
  let tries = 0;
  const fails = (smaller: WorldSpec): boolean => {
    if (tries >= TRIES_MOST) return false;
    tries++;
    if (play(smaller, module).failure?.oracle !== oracle) return false;
    best = smaller;
    return true;
  };
  for (const name of Object.keys(spec.faults) as FaultName[]) {
    const faults = { ...best.faults };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete faults[name];
    fails({ ...best, faults });
  }
  fails({ ...best, kills: [] });
  fails({ ...best, listeners: 1 });
  const clients = [...new Set(spec.events.map((event) => event.client))];
  withoutParts(clients, (left) => {
    const events = best.events.filter((event) => left.includes(event.client));
    return fails({ ...best, events });
  });
  withoutParts(best.events, (events) => fails({ ...best, events }));
  return best;
}

/** Tries to remove halves, quarters and so on of a list, down to single items. */
function withoutParts<T>(all: readonly T[], fails: (left: T[]) => boolean): void {
  let left = [...all];
  for (let size = Math.ceil(left.length / 2); size >= 1 && left.length > 0;) {
    for (let at = 0; at < left.length;) {
      const smaller = [...left.slice(0, at), ...left.slice(at + size)];
      if (fails(smaller)) left = smaller;
      else at += size;
    }
    if (size === 1) return;
    size = Math.ceil(size / 2);
  }
}

/** Returns an event as one line of text. */
export function describe(event: Event): string {
  const at = `${(event.at / 1e9).toFixed(6).padStart(11)} s`;
  if (event.act === "command") return `${at} console ${start(event.text)}`;
  if (event.act === "eof") return `${at} stdin ends`;
  if (event.act === "output") return `${at} whoever reads ${event.name}: ${event.does}`;
  if (event.act === "kill") return `${at} the module is killed`;
  const what = `${at} client ${event.client} ${event.act}`;
  if (event.act !== "write") return what;
  return `${what} ${event.bytes.length} bytes ${start(event.bytes.toString("latin1"))}`;
}

function start(text: string): string {
  return JSON.stringify(text.slice(0, TEXT_SHOWN)) + (text.length > TEXT_SHOWN ? "..." : "");
}
