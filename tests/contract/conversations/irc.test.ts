/** Clients with IRC talk with each other and with others, in the same rooms. */
import { expect, test } from "vitest";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

/** The first listener is for all, the second one is for IRC. */
async function started(): Promise<Server> {
  return startProgram("chat", ["--style", "line", "--irc", "2"], { listeners: 2 });
}

/** Connects a client with IRC, and registers it. */
async function register(server: Server, nick: string, capabilities = ""): Promise<Client> {
  const client = await connect(server.port(1), { name: nick });
  const ask = capabilities === "" ? "" : `CAP REQ :${capabilities}\r\n`;
  client.send(`${ask}NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\nCAP END\r\n`);
  await hears(client, `:irc.pollcast 221 ${nick} +\r\n`);
  return client;
}

/** Waits for a text, and takes everything up to now. @returns all of it */
async function hears(client: Client, text: string): Promise<string> {
  await expect.poll(() => client.heard.toString()).toContain(text);
  return client.takeAll().toString();
}

test("a client with IRC and one that types lines talk", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  const bob = await connect(server.port(0));
  bob.say("/nick bob");
  await hears(bob, "is now bob\n");
  ann.send("JOIN #lobby\r\n");
  expect(await hears(ann, " 366 ann #lobby :")).toContain(" 353 ann = #lobby :");
  await hears(bob, "* ann joined\n");
  ann.send("PRIVMSG #lobby :hello\r\nPRIVMSG #lobby :\x01ACTION waves\x01\r\n");
  expect(await hears(bob, "* ann waves\n")).toContain(" ann: hello\n");
  bob.say("hi");
  await hears(ann, " PRIVMSG #lobby :hi\r\n");
  bob.say("/msg ann psst");
  await hears(ann, " PRIVMSG ann :psst\r\n");
  ann.send("QUIT :bye\r\n");
  await hears(ann, "ERROR :Closing Link: ");
  await hears(bob, "* ann left\n");
});

test("a notice of a client with IRC is marked for programs", async () => {
  const server = await started();
  const bot = await connect(server.port(0));
  bot.say("/style json");
  await hears(bot, '"type":"welcome"');
  const ann = await register(server, "ann");
  ann.send("JOIN #lobby\r\nNOTICE #lobby :at your service\r\nPRIVMSG #lobby :hello\r\n");
  const heard = await hears(bot, '"text":"hello"}\n');
  expect(heard).toContain('"from":"ann","text":"at your service","notice":true}\n');
});

test("a channel has an operator, and its history is told with times", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send("JOIN #tea\r\nTOPIC #tea :tea and cake\r\nPRIVMSG #tea :first\r\n");
  await hears(ann, " TOPIC #tea :tea and cake\r\n");
  const bea = await register(server, "bea", "server-time batch message-tags");
  bea.send("JOIN #tea\r\n");
  const joined = await hears(bea, "\r\n:irc.pollcast BATCH -");
  expect(joined).toContain(":irc.pollcast 332 bea #tea :tea and cake\r\n");
  expect(joined).toMatch(/353 bea = #tea :(@ann bea|bea @ann)\r\n/);
  expect(joined).toMatch(/@batch=\w+;time=[^ ]+;msgid=\d+-1 :ann![^ ]+ PRIVMSG #tea :first\r\n/);
  ann.send("KICK #tea bea :enough\r\n");
  await hears(bea, " KICK #tea bea :enough\r\n");
});

test("a line that is too long or no text is refused, and the client stays", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send(`PRIVMSG ann :${"x".repeat(600)}\r\n`);
  await hears(ann, ":irc.pollcast 417 ann :Input line was too long\r\n");
  ann.send(Buffer.from([...Buffer.from("PRIVMSG ann :"), 0xff, 0x0d, 0x0a]));
  await hears(ann, ":irc.pollcast FAIL PRIVMSG INVALID_UTF8 :");
  ann.send("PING here\r\n");
  await hears(ann, ":irc.pollcast PONG irc.pollcast :here\r\n");
});

test("the last words name the host of the client that gets them", async () => {
  const server = await started();
  const clients = [await register(server, "ann"), await register(server, "bea")];
  const hosts: string[] = [];
  for (const client of clients) {
    client.send("JOIN #lobby\r\n");
    const joined = await hears(client, " 366 ");
    hosts.push(/^:\w+!\S+@(\S+) JOIN #lobby/m.exec(joined)?.[1] ?? "");
  }
  expect(new Set(hosts).size).toBe(2);
  server.console("quit");
  for (const [at, client] of clients.entries()) {
    const last = await hears(client, "ERROR :");
    expect(last).toContain(`ERROR :Closing Link: ${hosts[at] ?? ""} (`);
  }
});

test("a client that watches its own name, and is reset, harms no other", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send("JOIN #lobby\r\n");
  await hears(ann, " 366 ");
  const bea = await register(server, "bea");
  bea.send("JOIN #lobby\r\nMONITOR + bea\r\n");
  await hears(bea, " 730 ");
  bea.reset();
  await hears(ann, " QUIT :");
  ann.send("PING :still here\r\n");
  await hears(ann, "PONG irc.pollcast :still here");
});

test("a browser at the door of IRC is sent away", async () => {
  const server = await started();
  const stranger = await connect(server.port(1));
  stranger.send("GET / HTTP/1.1\r\n\r\n");
  await hears(stranger, "ERROR :Closing Link: ");
});
