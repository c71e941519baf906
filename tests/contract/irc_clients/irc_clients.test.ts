/**
 * Real IRC clients play one scene with users of the other protocols (scene.ts). What each displays
 * is compared with its transcript in transcripts/; `npx vitest run -u` with this file writes them.
 * A client that is not there is named in a line, with the reason, and its test is skipped.
 */
import { expect, test } from "vitest";
import { ircFramework, matrixOrgIrc, pythonIrc } from "./library_clients.js";
import { normalised } from "./normalised.js";
import type { Creator, Driver } from "./real_client.js";
import { play } from "./scene.js";
import { ii, sic, tinyirc } from "./small_clients.js";
import { Stage } from "./stage.js";
import { irssi, weechat } from "./terminal_clients.js";

const TERMINALS: readonly Driver[] = [irssi, weechat, ii, sic, tinyirc];
const LIBRARIES: readonly Driver[] = [ircFramework, matrixOrgIrc, pythonIrc];
/** The first time, the libraries are installed. */
const WAIT_MS = 180_000;

test.for([...TERMINALS, ...LIBRARIES])(
  "$name plays the scene, and displays what its transcript has",
  { timeout: WAIT_MS },
  async (driver, context) => {
    const create = await found(driver);
    if (typeof create === "string") {
      process.stderr.write(`pollcast: NOT RUN, the test with ${driver.name}: ${create}\n`);
      context.skip(create);
      return;
    }
    const stage = await Stage.start();
    const displayed = await play(stage, create(stage.ircPort));
    await expect(normalised(displayed)).toMatchFileSnapshot(`transcripts/${driver.name}.txt`);
  },
);

/** Returns what creates the client, or why there is none. */
async function found(driver: Driver): Promise<Creator | string> {
  try {
    return await driver.find();
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}
