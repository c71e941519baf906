/**
 * Compiles the chat for the fuzzer, with probes and edge counters, and on request with a planted
 * bug.
 */
import { changedChat, planting } from "../sim/changed_chat.mjs";

/** The inputs of the fuzzer speak no IRC, so its functions are not counted. */
const IRC = /^assembly\/chat\/(irc|protocol\/irc)\//;

/**
 * Compiles the chat with space for the counters before the module's own data.
 *
 * @param {typeof import("./edges.js")} edges
 * @param {import("../sim/changed_chat.mjs").Planted} [planted] a bug to plant
 */
export async function countingChat({ MEMORY_BASE, withCounters }, planted) {
  const flags = ["--memoryBase", String(MEMORY_BASE), "--debug"];
  const change = planted === undefined ? {} : { change: planting(planted) };
  return withCounters(await changedChat({ flags, ...change }), (name) => !IRC.test(name));
}
