/** Builds the chat's core module with probes (probes.mjs), for the simulator alone. */
import { componentEntry, PROGRAMS, stampPath } from "../../host/bare/programs.mjs";
import { lock } from "../../host/bare/lock.mjs";
import { staleness, writeStamp } from "../../host/bare/stamp.mjs";
import { versionOf } from "./build.mjs";
import { Compilers } from "./compilers.mjs";
import { EXPORT_TRANSFORM } from "./component.mjs";
import { inRoot, root } from "./root.mjs";
import { Failed, say } from "./run.mjs";

export const PROBE_TRANSFORM = "scripts/lib/probes.mjs";
/** Where it is built, relative to the package. */
export const PROBED_CORE = "build/core/chat.probed.wasm";

/** Builds it if it is not up to date, after another process that is at it. */
export async function buildProbed() {
  const unlock = await lock(inRoot("build/.probed.lock"), { onWait: () => undefined });
  const compilers = new Compilers();
  try {
    const stamp = inRoot(stampPath("chat-probed"));
    const key = versionOf("assemblyscript");
    if (staleness(root, stamp, key) === undefined) return;
    say(`building ${PROBED_CORE}`);
    const transforms = [EXPORT_TRANSFORM, PROBE_TRANSFORM];
    const { error, inputs, outputs } = await compilers.compile([
      ...[chatEntry(), "--target", "chat", "--outFile", PROBED_CORE],
      ...transforms.flatMap((file) => ["--transform", `./${file}`]),
    ]);
    if (error !== undefined) throw new Failed(`${PROBED_CORE}: ${error}`);
    writeStamp(root, stamp, { outputs, inputs: [...inputs, ...transforms], key });
  } finally {
    await compilers.close();
    unlock();
  }
}

function chatEntry() {
  const chat = PROGRAMS.find(({ name }) => name === "chat");
  if (chat === undefined) throw new Failed("there is no chat");
  return componentEntry(chat);
}
