/**
 * The chat behind a proxy: it takes a client's address from the PROXY header of a trusted listener,
 * and from nowhere else.
 */
import { expect, test } from "vitest";
import { exitCode } from "../../support/runtime.js";
import { connect, type Client } from "./support/client.js";
import { launchProgram, startProgram, type Server } from "./support/server.js";

const V1 = "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\n";
const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

/** A header of version 2. */
function v2(kind: number, rest: readonly number[] | Uint8Array): Buffer {
  const fixed = Buffer.from([0x21, kind, rest.length >> 8, rest.length & 0xff]);
  return Buffer.concat([SIGNATURE, fixed, Buffer.from(rest)]);
}

const TO_IPV4 = [203, 0, 113, 8, 192, 0, 2, 1, 0xc8, 0x22, 0x27, 0x0f];
const V2_IPV4 = v2(0x11, TO_IPV4);
const V2_IPV6 = v2(0x21, Buffer.from(`20010db8${"0".repeat(23)}1${"0".repeat(32)}c822270f`, "hex"));

/** The first listener is for everybody, the second one is behind a proxy. */
async function behindProxy(...args: string[]): Promise<Server> {
  return startProgram("chat", ["--proxy-protocol", "2", ...args], { listeners: 2 });
}

/** Comes through the proxy, which sends this header. It is logged once the client says something. */
async function through(server: Server, header: string | Uint8Array, name: string): Promise<Client> {
  const client = await connect(server.port(1), { name });
  client.send(header);
  return client;
}

test.each([
  ["version 1", V1, "203.0.113.7:51234"],
  ["version 1, IPv6", "PROXY TCP6 2001:DB8:0::1 ::1 51234 9999\r\n", "[2001:db8::1]:51234"],
  ["version 2", V2_IPV4, "203.0.113.8:51234"],
  ["version 2, IPv6", V2_IPV6, "[2001:db8::1]:51234"],
  ["version 2 with more than the address", v2(0x11, [...TO_IPV4, 4, 0, 1, 0]), "203.0.113.8:51234"],
])("the name is the address that the proxy says: %s", async (_what, header, name) => {
  const server = await behindProxy();
  const ann = await server.join();
  const bob = await through(server, header, name);
  bob.say("hello");
  for (const client of [ann, bob]) {
    expect((await client.expectLine()).slice("YYYY/MM/DD HH:MM:SS ".length)).toBe(name);
    expect(await client.expectLine()).toBe("hello");
  }
  await server.logs(new RegExp(`^${name.replaceAll(/[[\].]/g, "\\$&")} joined \\(2 here\\)$`, "m"));
  bob.say("quit");
  await bob.expectBytes("* goodbye\n");
  await server.logs(new RegExp(`${name.replaceAll(/[[\].]/g, "\\$&")} is gone: quit`));
});

test("header and first line may come in one packet, or byte by byte", async () => {
  const server = await behindProxy();
  const once = await connect(server.port(1));
  once.send(`${V1}at once\n`);
  await once.expectSaid("203.0.113.7:51234", "at once");
  const slow = await connect(server.port(1));
  for (const byte of Buffer.concat([V2_IPV4, Buffer.from("slowly\n")]))
    await slow.sendNow(Uint8Array.of(byte));
  for (const client of [once, slow]) await client.expectSaid("203.0.113.8:51234", "slowly");
});

test("others read a short name, and the log has the address, unless an option says otherwise", async () => {
  const server = await behindProxy("--style", "line");
  const ann = await connect(server.port(1));
  ann.send(`${V1}hello\n`);
  const welcome = await ann.expectLine();
  const [, name = ""] = /^\* you are (guest-[0-9a-f]{4}) in lobby/.exec(welcome) ?? [];
  await ann.expectLineLike(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${name}: hello$`));
  await server.logs(new RegExp(`^${name} from 203\\.0\\.113\\.7:51234 joined \\(1 here\\)$`, "m"));
  expect(ann.heard.toString()).not.toContain("203.0.113");
  const open = await behindProxy("--style", "line", "--show-addresses", "yes");
  const bob = await connect(open.port(1));
  bob.send(V1);
  await bob.expectLineLike(/^\* you are 203\.0\.113\.7:51234 in lobby/);
});

test("whom the proxy does not know has a number", async () => {
  const server = await behindProxy();
  const client = await through(server, "PROXY UNKNOWN\r\n", "client-1");
  client.say("who am I");
  await client.expectSaid("client-1", "who am I");
});

test.each([
  ["no header", "hello\n"],
  ["half a header of version 1 and a line end", "PROXY TCP4\r\nhello\n"],
  ["an address that is none", "PROXY TCP4 203.0.113.777 192.0.2.1 51234 9999\r\nhello\n"],
  ["version 2 without its addresses", Buffer.concat([v2(0x11, []), Buffer.from("hello\n")])],
])("behind a proxy, %s is refused unheard, and logged", async (_what, bytes) => {
  const server = await behindProxy();
  const ann = await server.join();
  const stranger = await connect(server.port(1));
  stranger.send(bytes);
  await stranger.expectEnd();
  await server.logs(/^client-2 is gone: malformed proxy header \(1 here\)$/m);
  ann.say("quiet here");
  await ann.expectSaid(ann.name, "quiet here");
});

test("who says nothing at all behind a proxy is closed in a bounded time", async () => {
  const server = await behindProxy();
  const silent = await connect(server.port(1));
  await silent.expectEnd();
  await server.logs(/^client-1 is gone: no proxy header in time \(0 here\)$/m);
});

test.each([
  ["version 1", V1],
  ["version 2", V2_IPV4],
])("a forged header from elsewhere is refused with words: %s", async (_what, header) => {
  const server = await behindProxy();
  const ann = await server.join();
  const eve = await server.join();
  eve.send(Buffer.concat([Buffer.from(header as string), Buffer.from("I am somebody else\n")]));
  await eve.expectBytes("* closed: a PROXY header is not expected here\n");
  await eve.expectEnd();
  await server.logs(
    new RegExp(`^${eve.name} is gone: proxy header not expected here \\(1 here\\)$`, "m"),
  );
  ann.say("quiet here");
  await ann.expectSaid(ann.name, "quiet here");
  expect(server.stderr).not.toContain("203.0.113");
});

test("without the option, no listener believes a header", async () => {
  const server = await startProgram("chat", [], { plain: true });
  const eve = await server.join();
  eve.send(V1);
  await eve.expectBytes("* closed: a PROXY header is not expected here\n");
});

test("a connection behind a proxy that says nothing is nobody: no line of the log has it", async () => {
  const server = await behindProxy("--style", "line", "--show-addresses", "yes");
  for (const header of [V1, "PROXY UNKNOWN\r\n", V2_IPV4]) {
    const probe = await connect(server.port(1));
    probe.send(header);
    probe.leave();
    await probe.expectEnd();
  }
  const bob = await through(server, V2_IPV6, "[2001:db8::1]:51234");
  bob.say("hello");
  await server.logs(/^\[2001:db8::1\]:51234 joined \(\d here\)$/m);
  bob.say("quit");
  await server.logs(/is gone: quit \(0 here\)$/m);
  expect(server.stderr.match(/ joined | is gone/g)).toHaveLength(2);
});

test("all listeners may be behind proxies", async () => {
  const server = await startProgram("chat", ["--proxy-protocol", "all"], { listeners: 2 });
  for (const listener of [0, 1]) {
    const client = await connect(server.port(listener));
    client.send(`${V1}by ${listener}\n`);
    await client.expectSaid("203.0.113.7:51234", `by ${listener}`);
    client.leave();
    await server.logs(new RegExp(`(is gone: left \\(0 here\\)[^]*){${listener + 1}}`));
  }
});

test.each(["0", "3", "1;2", "", "none"])("--proxy-protocol %j makes no sense", async (list) => {
  const server = await launchProgram("chat", ["--proxy-protocol", list], { listeners: 2 });
  expect((await server.exited).code).toBe(exitCode(64));
  expect(server.stderr).toBe(
    'chat: option --proxy-protocol takes "all", or listeners from 1 to 2 with commas, ' +
      `not "${list}"\n`,
  );
});
