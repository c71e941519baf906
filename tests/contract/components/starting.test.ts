/** The start of components, and its failures: one line of error, and exit code 1. */
import { spawnSync } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { componentPath } from "../../../host/bootstrap/programs.mjs";
import { findProgram } from "../../../host/launcher/base/programs.js";
import { root } from "../../../scripts/lib/root.mjs";
import { componentWasmtime, freePorts, launchComponent } from "../../support/component.js";
import { until } from "../../support/wait.js";

const NETWORK = ["-S", "inherit-network"];
const CHAT = findProgram("chat");

describe.each([46, 48, 49] as const)("under wasmtime %s", (line) => {
  const wasmtime = componentWasmtime(line) ?? "";

  function run(flags: string[], args: string[]): { status: number | null; said: string } {
    const component = path.join(root, componentPath(CHAT));
    const env = { RUST_BACKTRACE: "0" };
    const ended = spawnSync(wasmtime, ["run", ...flags, component, ...args], { env, input: "" });
    return { status: ended.status, said: ended.stderr.toString() };
  }

  test.runIf(wasmtime !== "")("what is wrong is one line", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as net.AddressInfo;
    const [free = 0] = await freePorts(1);
    const place = `127.0.0.1:${free}`;
    const wrong: [string[], string[], RegExp][] = [
      [NETWORK, [], /^chat: no listener: say where, --listen 127\.0\.0\.1:9999\n$/],
      [NETWORK, ["--listen", "here"], /^chat: option --listen takes .*, not "here"\n$/],
      [
        NETWORK,
        ["--listen", `127.0.0.1:${port}`],
        /^chat: cannot listen on .*: the address is in use.*\n$/,
      ],
      [
        NETWORK,
        ["--listen", "192.0.2.1:9999"],
        /^chat: cannot listen on .*: this machine does not have that address\n$/,
      ],
      [
        [],
        ["--listen", place],
        /^chat: cannot listen on .*: no permission for the network: .*-S inherit-network\n$/,
      ],
    ];
    for (const [flags, args, pattern] of wrong) {
      const { status, said } = run(flags, args);
      expect(said.slice(0, said.indexOf("\n") + 1)).toMatch(pattern);
      expect(status).toBe(1);
    }
  });

  test.runIf(wasmtime !== "")(
    "it listens in several places, and the log has the clients' addresses",
    async () => {
      const [one = 0] = await freePorts(1);
      const component = path.join(root, componentPath(CHAT));
      const places = [`127.0.0.1:${one}`, `[::1]:${one}`];
      const args = [...places.flatMap((place) => ["--listen", place]), "--stop-at-eof"];
      const guest = launchComponent({ wasmtime, component, args, maxMemoryBytes: 2 ** 26 });
      onTestFinished(() => guest.kill("SIGKILL"));
      let log = "";
      guest.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
      await until("it listens", () => log.includes(`listening on ${places.join(", ")}`));
      for (const host of ["127.0.0.1", "::1"]) {
        const client = net.connect(one, host);
        onTestFinished(() => void client.destroy());
        let heard = "";
        client.setEncoding("utf8").on("data", (text: string) => (heard += text));
        await until("it is in", () => heard.includes("\n"));
        const from = host === "::1" ? `[::1]:${client.localPort}` : `127.0.0.1:${client.localPort}`;
        const [, name] = /you are (guest-[0-9a-f]{4}) in lobby/.exec(heard) ?? [];
        expect(log).toContain(`${name} from ${from} joined`);
      }
      guest.stdin.end("quit\n");
      expect(await guest.exited).toEqual({ code: 0, signal: null });
    },
  );
});
