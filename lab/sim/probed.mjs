/** Builds the chat with probes (probes.mjs) for the simulator. */
import path from "node:path";
import { componentEntry, PROGRAMS, stampPath } from "../../host/bootstrap/programs.mjs";
import { lock } from "../../host/bootstrap/lock.mjs";
import { staleness, writeStamp } from "../../host/bootstrap/stamp.mjs";
import { versionOf } from "../../scripts/lib/build.mjs";
import { Compilers } from "../../scripts/lib/compilers.mjs";
import { EXPORT_TRANSFORM } from "../../scripts/lib/component.mjs";
import { inRoot, root } from "../../scripts/lib/root.mjs";
import { Failed, say } from "../../scripts/lib/run.mjs";

export const PROBE_TRANSFORM = "lab/sim/probes.mjs";
/** The path of the built module, relative to the package. */
export const PROBED_MODULE = "build/probed/chat.wasm";
/** The path of the component's built core module, relative to the package. */
export const PROBED_CORE = "build/probed/chat.core.wasm";

/**
 * Builds the module and the core module with probes, unless they are up to date. Waits for another
 * process that builds them.
 */
export async function buildProbed() {
  const unlock = await lock(inRoot("build/.probed.lock"), { onWait: () => undefined });
  const compilers = new Compilers();
  const [chat] = PROGRAMS.filter(({ name }) => name === "chat");
  if (chat === undefined) throw new Failed("there is no chat");
  try {
    await buildOne(compilers, PROBED_MODULE, chat.entry, [PROBE_TRANSFORM]);
    await buildOne(compilers, PROBED_CORE, componentEntry(chat), [
      EXPORT_TRANSFORM,
      PROBE_TRANSFORM,
    ]);
  } finally {
    await compilers.close();
    unlock();
  }
}

/**
 * @param {Compilers} compilers
 * @param {string} file the path of the module that is built
 * @param {string} entry its main source file
 * @param {readonly string[]} transforms paths of asc's transforms
 */
async function buildOne(compilers, file, entry, transforms) {
  const stamp = inRoot(stampPath(path.basename(file, ".wasm") + "-probed"));
  const key = versionOf("assemblyscript");
  if (staleness(root, stamp, key) === undefined) return;
  say(`building ${file}`);
  const { error, inputs, outputs } = await compilers.compile([
    ...[entry, "--target", "chat", "--outFile", file, "--optimizeLevel", "2"],
    ...transforms.flatMap((transform) => ["--transform", `./${transform}`]),
  ]);
  if (error !== undefined) throw new Failed(`${file}: ${error}`);
  writeStamp(root, stamp, { outputs, inputs: [...inputs, ...transforms], key });
}
