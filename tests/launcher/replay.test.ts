/** A run of the tutorial's pages in a terminal, and the calls of a real program. */
import net from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { record } from "../../lab/explore/record.js";
import { scriptOf } from "../../lab/explore/script.js";
import { moduleOf } from "../lab/explore/support/programs.js";
import { Launcher, pollcast } from "../support/launcher.js";

const LINK = "echo,1000c0,4000w0hello%0A";

test("replay prints the run of a link, with the hash that a page has for it", async () => {
  const { code, stdout, stderr } = await pollcast(["replay", `https://example.org/#run=${LINK}`]);
  expect([code, stderr]).toEqual([0, ""]);
  const { hash, calls } = record(moduleOf("echo"), scriptOf(LINK));
  expect(stdout).toContain('client-1 receives "Your msg is hello\\n".\n');
  expect(stdout).toMatch(new RegExp(`\ntrace ${hash}, ${calls} host calls, waits for ever\n$`));
  const chinese = await pollcast(["replay", LINK, "--lang", "zh"]);
  expect(chinese.stdout).toContain(`\n轨迹 ${hash}, `);
});

test.each([
  ["irc,1000c0", 'there is no program "irc" to replay, there are echo, chat_v0, '],
  ["echo,soon", 'act 1 of the link, "soon": an act is a time, a letter and a client, as in 1000c0'],
])("replay %s is refused in one line, with code 64", async (link, words) => {
  const { code, stdout, stderr } = await pollcast(["replay", link]);
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toContain(`pollcast: ${words}`);
  expect(stderr.split("\n")).toHaveLength(2);
});

test("run --trace tells the calls of the real program, a wait before it begins", async () => {
  const launcher = new Launcher(["run", "--port", "0", "--trace", "echo"]);
  const [, port] = await launcher.says(/echo: listening on 127\.0\.0\.1:(\d+)/);
  await launcher.says(/The program calls poll_oneoff\(.*3 R\)\./);
  const client = net.connect(Number(port), "127.0.0.1", () => client.write("hi\n"));
  onTestFinished(() => void client.destroy());
  await launcher.says(/The program accepts the connection: from now on it is descriptor 4\./);
  await launcher.says(/The program calls sock_recv\(4\): 3 bytes are copied from the kernel/);
  await launcher.says(/The program calls sock_send\(4\): 15 bytes are handed to the kernel/);
});

test("run --trace counts the waits of a program that spins", async () => {
  const launcher = new Launcher(["run", "--port", "0", "--trace", "chat-v2"]);
  const [, port] = await launcher.says(/chat_v2: listening on 127\.0\.0\.1:(\d+)/);
  const client = net.connect(Number(port), "127.0.0.1");
  onTestFinished(() => void client.destroy());
  await launcher.says(/poll_oneoff returns .* it reports 4 W\./);
  await launcher.says(/It is called again and returns the same, \d{2,} times/);
});

test("run --trace and --runtime wasmtime do not go together", async () => {
  const { code, stderr } = await pollcast(["run", "--runtime", "wasmtime", "--trace", "echo"]);
  expect(code).toBe(64);
  expect(stderr).toContain("--trace needs --runtime node: wasmtime does not tell what a module");
});
