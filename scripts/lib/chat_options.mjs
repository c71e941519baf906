/** Asks the chat's module, which has just been built, for its options. */
import { Failed } from "./run.mjs";

/**
 * @param {string} file the module
 * @returns {Promise<string>} JSON
 */
export async function describeOptions(file) {
  const { askModule } = /** @type {typeof import("../../host/launcher/options/ask_module.js")} */ (
    await import(String(new URL("../../dist/host/launcher/options/ask_module.js", import.meta.url)))
  );
  const answer = await askModule(file, []);
  if ("options" in answer) return answer.options;
  throw new Failed(`${file} does not say its options: ${answer.mistake}`);
}
