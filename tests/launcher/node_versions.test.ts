/**
 * The launcher and the Node runtime under each Node that TESTED_NODES names (paths of programs, as
 * in PATH), beside the one that runs the tests.
 */
import path from "node:path";
import { expect, test } from "vitest";
import { NODE_TESTED } from "../../host/launcher/doctor.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { programOf } from "../support/processes.js";

const named = (process.env["TESTED_NODES"] ?? "").split(path.delimiter).filter((one) => one !== "");
const bin = path.join(packageRoot, "bin", "pollcast.mjs");

test.each([process.execPath, ...named])("the chat is served by %s", async (node) => {
  const words = ["serve", "--port", "0", "--runtime", "node", "--style", "tutorial"];
  const launcher = new Launcher(words, { command: [node, bin] });
  const port = await launcher.serves();
  expect(programOf(launcher.guestPid)).toBe(node);
  const [ann, ben] = [await connect(port), await connect(port)];
  ann.say("hello");
  await ben.expectLineLike(/ client-1$/);
  await ben.expectBytes("hello\n");
  launcher.type("quit\n");
  expect((await launcher.ended).code).toBe(0);
});

test.each([process.execPath, ...named])("doctor knows whether %s is tested", async (node) => {
  const args = ["doctor", "--port", "0", "--runtime", "node"];
  const { stdout } = await pollcast(args, { command: [node, bin] });
  const major = /^(?:ok|note) +node +(\d+)\./m.exec(stdout)?.[1] ?? "";
  expect(/^ok +node +\d/m.test(stdout)).toBe(NODE_TESTED.includes(major));
});
