/**
 * npm run lab -- mutations [WORD...]: applies known mutations to the chat (all, or those with one
 * of the words in their name) and checks that the simulator detects each within its number of
 * worlds.
 */
import { Failed } from "../../../scripts/lib/run.mjs";
import { changedChat, planting, UNOPTIMIZED } from "../changed_chat.mjs";
import { CHAT_MUTATIONS } from "./chat.mjs";
import { COMPONENT_MUTATIONS } from "./component.mjs";
import { IRC_MUTATIONS } from "./irc.mjs";
import { KEPT_MUTATIONS } from "./kept.mjs";
import { LIMIT_MUTATIONS } from "./limits.mjs";
import { NET_MUTATIONS } from "./net.mjs";

const MUTATIONS = [
  ...[...NET_MUTATIONS, ...CHAT_MUTATIONS, ...LIMIT_MUTATIONS, ...KEPT_MUTATIONS],
  ...[...COMPONENT_MUTATIONS, ...IRC_MUTATIONS],
];

/** @param {readonly string[]} words */
export async function main(words) {
  const load = (/** @type {string} */ name) =>
    import(String(new URL(`../../../dist/lab/sim/${name}.js`, import.meta.url)));
  const { drawWorld } = /** @type {typeof import("../draw.js")} */ (await load("draw"));
  const { play } = /** @type {typeof import("../play.js")} */ (await load("play"));
  const { playShortage } = /** @type {typeof import("../shortage.js")} */ (await load("shortage"));
  const isWanted = (/** @type {string} */ name) =>
    words.length === 0 || words.some((word) => name.includes(word));
  let missed = 0;
  for (const mutation of MUTATIONS.filter(({ name }) => isWanted(name))) {
    const { abi, in: kind, within } = mutation;
    const isProbed = kind !== "shortage";
    const how = {
      isProbed,
      change: planting(mutation),
      flags: UNOPTIMIZED,
      ...(abi === undefined ? {} : { abi }),
    };
    const module = new WebAssembly.Module(await changedChat(how));
    let verdict = `NOT caught in ${within} worlds`;
    for (let seed = 1; seed <= within; seed++) {
      const { failure } = isProbed
        ? play(drawWorld(seed, { abi, irc: kind === "irc" ? "all" : "none" }), module)
        : playShortage(seed, module);
      if (failure === undefined) continue;
      const worlds = seed === 1 ? "1 world" : `${seed} worlds`;
      verdict = `caught after ${worlds} by "${failure.oracle}": ${failure.message.slice(0, 80)}`;
      break;
    }
    if (verdict.startsWith("NOT")) missed++;
    process.stdout.write(`${mutation.name.padEnd(36)} ${verdict}\n`);
  }
  if (missed > 0) throw new Failed(`${missed} of ${MUTATIONS.length} were not caught`);
}
