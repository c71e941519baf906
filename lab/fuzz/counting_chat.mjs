/** The chat with probes and with counters on its edges; or with a fault of one's choice. */
import { changedChat, planting } from "../sim/changed_chat.mjs";

/**
 * Compiles as the target `chat` does, with room for counters in front of the module's own data.
 * @param {typeof import("./edges.js")} edges
 * @param {import("../sim/changed_chat.mjs").Planted} [planted]
 */
export async function countingChat({ MEMORY_BASE, withCounters }, planted) {
  const flags = ["--memoryBase", String(MEMORY_BASE)];
  const change = planted === undefined ? {} : { change: planting(planted) };
  return withCounters(await changedChat({ flags, ...change }));
}
