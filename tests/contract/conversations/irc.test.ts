/** Clients with IRC talk with each other and with others, in the same rooms. */
import { expect, test } from "vitest";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

/** The first listener is for all, the second one is for IRC. */
async function started(...options: string[]): Promise<Server> {
  return startProgram("chat", ["--style", "line", "--irc", "2", ...options], { listeners: 2 });
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

test("labelled answers of many portions come whole, one after the other", async () => {
  const server = await started("--rooms-per-client", "20", "--soft-limit", "1024");
  const ann = await register(server, "ann", "labeled-response batch");
  const rooms = Array.from({ length: 20 }, (_, at) => `#room${at}`);
  ann.send(rooms.map((room) => `JOIN ${room}\r\nTOPIC ${room} :${"t".repeat(300)}\r\n`).join(""));
  await hears(ann, " TOPIC #room19 :");
  ann.send("@label=1 LIST\r\n@label=2 WHO *\r\n@label=3 LIST\r\n@label=4 PING end\r\n");
  const lines = (await hears(ann, ":end\r\n")).split("\r\n").slice(0, -1);
  const shape = lines.map((line) => /^(?:@(\S+) )?:irc\.pollcast (\S+)/.exec(line)?.slice(1));
  const answer = (number: number, rows: readonly string[]) => [
    [`label=${number}`, "BATCH"],
    ...rows.map((row) => [`batch=${number}`, row]),
    [undefined, "BATCH"],
  ];
  const list = ["321", ...rooms.map(() => "322"), "323"];
  const who = answer(2, ["352", "315"]);
  const pong = ["label=4", "PONG"];
  expect(shape).toEqual([...answer(1, list), ...who, ...answer(3, list), pong]);
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

test("a mute user does not speak with the words of PART and QUIT, nor with tags", async () => {
  const server = await started();
  const [ann, eve] = [await register(server, "ann"), await register(server, "eve", "message-tags")];
  ann.send("JOIN #tea,#cake\r\n");
  await hears(ann, " 366 ann #cake :");
  eve.send("JOIN #tea,#cake\r\n");
  await hears(ann, " JOIN #cake\r\n");
  server.console("mute eve 10m");
  await hears(eve, "nobody hears you");
  eve.send("PART #tea :spam\r\n");
  expect(await hears(ann, " PART #tea")).not.toContain("spam");
  await hears(eve, " PART #tea\r\n");
  eve.send("@+typing=active TAGMSG eve\r\nPING end\r\n");
  expect(await hears(eve, ":end\r\n")).not.toContain(" TAGMSG ");
  eve.send("QUIT :spam\r\n");
  expect(await hears(ann, " QUIT :Quit\r\n")).not.toContain("spam");
});

test("the words of PART and QUIT do not get into a moderated channel", async () => {
  const server = await started();
  const [ann, bob] = [await register(server, "ann"), await register(server, "bob")];
  const eve = await register(server, "eve");
  ann.send("JOIN #tea\r\nMODE #tea +m\r\n");
  await hears(ann, " MODE #tea +m");
  for (const one of [bob, eve]) {
    one.send("JOIN #tea\r\n");
    await hears(one, " 366 ");
  }
  bob.send("PART #tea :spam\r\n");
  expect(await hears(ann, " PART #tea")).not.toContain("spam");
  eve.send("QUIT :spam\r\n");
  expect(await hears(ann, " QUIT :Quit\r\n")).not.toContain("spam");
});

test("a command that is no text is shown sanitized and cut", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send(Buffer.from([0x58, 0x00, 0xff, 0xfe, ...Buffer.from(`${"Y".repeat(400)}\r\n`)]));
  const heard = await hears(ann, " INVALID_UTF8 :");
  expect(heard).not.toContain("\0");
  expect(heard.length).toBeLessThan(200);
});

test("a line with many channels counts as many lines", async () => {
  const server = await started("--rate", "1", "--burst", "30", "--flood-seconds", "60");
  const ann = await register(server, "ann");
  const channels = Array.from({ length: 40 }, (_, at) => `#c${String(at)}`).join(",");
  ann.send(`PART ${channels}\r\nPING end\r\n`);
  await hears(ann, "you are sending");
});

test("the third wrong password of operators closes the connection", async () => {
  const server = await started("--irc-oper", "root:secret");
  const ann = await register(server, "ann");
  ann.send("OPER root a\r\nOPER root b\r\nPING here\r\n");
  await hears(ann, " PONG irc.pollcast :here\r\n");
  ann.send("OPER root c\r\nOPER root secret\r\n");
  const heard = await hears(ann, "ERROR :Closing Link: ");
  expect(heard).toContain("(Bad password)");
  expect(heard).not.toContain(" 381 ");
});

test("the names of the server and of services are taken", async () => {
  const server = await started("--irc-name", "irc.example.org");
  const ann = await connect(server.port(1));
  for (const nick of ["irc.example.org", "NickServ", "ChanServ", "BotServ", "ERROR"]) {
    ann.send(`NICK ${nick}\r\n`);
    await hears(ann, `:irc.example.org 433 * ${nick} :`);
  }
});

test("a mask or a key that begins with a colon is refused", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send("JOIN #tea\r\nMODE #tea +b ::evil\r\n");
  await hears(ann, " 696 ann #tea b * :");
  ann.send("MODE #tea +k ::evil\r\n");
  await hears(ann, " 696 ann #tea k * :");
});

test("a client is told that it is in a channel whose name looks like another's", async () => {
  const server = await started();
  const ann = await register(server, "ann");
  ann.send("JOIN #tea1\r\nJOIN #teal\r\n");
  await hears(ann, " 470 ann #teal #tea1 :");
});
