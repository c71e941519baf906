/** Several listeners, some of them behind proxies, and the clients that may connect to them. */
import net from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Address, ServeOptions } from "../../host/launcher/base/config.js";
import { closeAll, listenerArguments, openListeners } from "../../host/launcher/serve/listeners.js";
import type { OpenListener } from "../../host/launcher/serve/listeners.js";
import { networkList } from "../../host/runtime/node/networks.js";
import { network, place, Unfit } from "../../host/launcher/options/kinds.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";

const HERE = { host: "127.0.0.1", port: 0 };

async function opened(options: Partial<ServeOptions>): Promise<OpenListener[]> {
  const listeners = await openListeners({ ...HERE, ...options });
  onTestFinished(() => closeAll(listeners));
  return listeners;
}

test.each([
  ["127.0.0.1:7000", { host: "127.0.0.1", port: 7000 }],
  ["[::1]:0", { host: "::1", port: 0 }],
  ["localhost:65535", { host: "localhost", port: 65_535 }],
])("%s is a place to listen", (text, address) => {
  expect(place(text)).toEqual(address);
});

test.each(["", "7000", ":7000", "::1:7000", "127.0.0.1", "a b:1", "127.0.0.1:65536", "[]:1"])(
  "%j is none",
  (text) => {
    expect(() => place(text)).toThrow(Unfit);
  },
);

test.each(["10.0.0.0/8", "10.0.0.0/0", "::1", "2001:db8::/32", "0.0.0.0/32", "::/128"])(
  "%s is a network",
  (text) => {
    expect(network(text)).toBe(text);
  },
);

test.each(["", ",", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "host", "::1/8/8"])(
  "%j are none",
  (text) => {
    expect(() => network(text)).toThrow(Unfit);
  },
);

test("an address is in a network, or in none", () => {
  const admits = networkList(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
  for (const address of ["10.255.0.1", "192.0.2.7", "2001:db8:ffff::1", "::ffff:10.0.0.1"])
    expect([address, admits(address)]).toEqual([address, true]);
  for (const address of ["11.0.0.1", "192.0.2.8", "2001:db9::1", "::ffff:11.0.0.1", "::1", ""])
    expect([address, admits(address)]).toEqual([address, false]);
});

test("the default listener is there unless another place was named", async () => {
  const alone = await opened({});
  expect(listenerArguments(alone)).toEqual(["--address", alone[0]?.address]);
  const others = await opened({ port: 1, listen: [HERE, HERE] });
  expect(others.map(({ proxied }) => proxied)).toEqual([false, false]);
  const behind = await opened({ port: 1, listenProxy: [HERE] });
  expect(behind.map(({ proxied }) => proxied)).toEqual([true]);
});

test("the guest is told which of its listeners are behind a proxy", async () => {
  const listeners = await opened({ listen: [HERE], listenProxy: [HERE, HERE] });
  const [one, two, three] = listeners.map(({ address }) => address);
  expect(listenerArguments(listeners)).toEqual([
    "--address",
    `${one}, ${two} (behind a proxy), ${three} (behind a proxy)`,
    "--proxy-protocol",
    "2,3",
  ]);
});

test.each(["0.0.0.0", "::", "0", "0:0::0"])(
  "behind a proxy, %s is refused unless the proxies are named",
  async (host) => {
    const everywhere = { listenProxy: [{ host, port: 0 }] };
    await expect(openListeners({ ...HERE, ...everywhere })).rejects.toThrow(
      /^--listen-proxy \S+ would trust anyone who connects: .* --proxy-from; see pollcast --help$/,
    );
    expect(await opened({ ...everywhere, proxyFrom: ["127.0.0.1"] })).toHaveLength(1);
  },
);

test("one that cannot be opened closes those that could", async () => {
  const [taken] = await opened({});
  const { port } = await new Promise<net.AddressInfo>((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address));
    });
  });
  const first = { host: "127.0.0.1", port };
  const second = { host: "127.0.0.1", port: taken?.port ?? 0 };
  await expect(openListeners({ ...HERE, listen: [first, second] })).rejects.toThrow("in use");
  expect(await opened({ listen: [first] })).toHaveLength(1);
});

test.each([
  ["--port", (taken: Address) => taken],
  ["--listen", (taken: Address) => ({ listen: [taken] })],
  ["--listen-proxy", (taken: Address) => ({ listenProxy: [taken] })],
  ["--listen-irc", (taken: Address) => ({ listenIrc: [taken] })],
])("a port in use names the option %s", async (option, optionsOf) => {
  const [taken] = await opened({});
  const port = taken?.port ?? 0;
  await expect(openListeners({ ...HERE, ...optionsOf({ host: HERE.host, port }) })).rejects.toThrow(
    `127.0.0.1:${port} is in use by another program: stop that one, or choose another with ` +
      `${option} (0 picks a free one)`,
  );
});

const PROXIED = ["serve", "--listen-proxy", "127.0.0.1:0"];

test.each([
  [["serve", "--listen", "7000"], '--listen "7000" is not HOST:PORT or [IPV6]:PORT'],
  [["serve", "--listen", "::1:7000"], '--listen "::1:7000" is not HOST:PORT or [IPV6]:PORT'],
  [
    [...PROXIED, "--proxy-from", "10.0.0.0/33"],
    '--proxy-from "10.0.0.0/33" is not an address or a network such as 10.0.0.0/8',
  ],
  [
    ["serve", "--port", "0", "--runtime", "node", "--proxy-from", "::1"],
    "--proxy-from says who may connect to --listen-proxy, which is not given",
  ],
  [
    [...PROXIED, "--proxy-from", "::1", "--runtime", "wasmtime"],
    "--proxy-from cannot be enforced by wasmtime, which does not tell who connects: take " +
      "--runtime node, or leave it out and listen where the proxy alone can connect",
  ],
])("%j is refused in one line, with code 64", async (args, message) => {
  const { code, stderr } = await pollcast(args);
  expect(stderr).toBe(`pollcast: ${message}; see pollcast --help\n`);
  expect(code).toBe(64);
});

const HEADER = "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\n";

/** Returns what a client with a PROXY header receives, until the connection ends or breaks. */
async function heardUntilEnd(port: number): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let heard = "";
  socket.on("error", () => undefined);
  socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
  socket.write(`${HEADER}quit\n`);
  await new Promise((resolve) => socket.once("close", resolve));
  return heard;
}

test("with --proxy-from, nobody else gets through to the guest, and the log says so once", async () => {
  const launcher = new Launcher(["serve", "--listen-proxy", "127.0.0.1:0", "--proxy-from", "::1"]);
  const port = await launcher.serves();
  expect(launcher.stderr).toMatch(/^\S+Z pollcast: serving on Node, where alone it is known who/);
  for (let count = 0; count < 2; count++) {
    expect(await heardUntilEnd(port)).toBe("");
  }
  await launcher.says(/pollcast: 127\.0\.0\.1 may not connect behind the proxy, by --proxy-from/);
  launcher.type("quit\n");
  await launcher.ended;
  expect(launcher.stderr.match(/may not connect/g)).toHaveLength(1);
  expect(launcher.stderr).not.toContain("is gone");
});

test("with --proxy-from, the proxies get through", async () => {
  const from = ["--proxy-from", "10.0.0.0/8,127.0.0.1"];
  const launcher = new Launcher([
    ...["serve", "--listen-proxy", "0.0.0.0:0", "--style", "tutorial"],
    ...from,
  ]);
  const client = await connect(await launcher.serves());
  client.send(`${HEADER}hello\n`);
  await client.expectSaid("203.0.113.7:51234", "hello");
});
