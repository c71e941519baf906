/**
 * A client with matrix-org-irc, the library of Matrix's bridge. It reads deeds as lines of JSON,
 * and prints each event. Usage: matrix_org_irc.mjs PACKAGES PORT
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [packages = "", port = ""] = process.argv.slice(2);
/** @type {{ Client: new (...options: unknown[]) => any }} The library is not typed here. */
const { Client } = createRequire(packages)("matrix-org-irc");
const nick = "matrix-org-irc";
/** @type {Set<string>} */
const channels = new Set();
/** @param {unknown[]} words */
const print = (...words) => void process.stdout.write(`${words.join(" ")}\n`);

/** @type {(channel: string, users: Map<string, string>) => void} */
const listed = (channel, users) =>
  print("users", channel, ...[...users].map(([who, mode]) => `${mode}${who}`));

function connected() {
  const made = new Client("127.0.0.1", nick, {
    port: Number(port),
    userName: nick,
    realName: "a real client",
    showErrors: true,
    retryCount: 0,
  });
  /** @type {(name: string, handle: (...words: string[]) => void) => void} */
  const on = (name, handle) => made.on(name, handle);
  on("registered", () => {
    print("registered as", client.nick);
    for (const channel of channels) client.join(channel);
  });
  // By itself it comes back without CAP END, to no server that has capabilities.
  on("abort", () => {
    print("connection closed");
    setTimeout(() => (client = connected()), 50);
  });
  on("join", (channel, who) => print("join", channel, who));
  on("part", (channel, who) => print("part", channel, who));
  on("quit", (who, why) => print("quit", who, why));
  on("kick", (channel, who, by, why) => print("kick", channel, who, "by", by, why));
  on("nick", (before, after) => print("nick", before, "->", after));
  on("topic", (channel, topic, by) => print("topic", channel, by, topic));
  made.on("names", listed);
  on("+mode", (channel, by, mode) => print("mode", channel, `+${mode}`, "by", by));
  on("-mode", (channel, by, mode) => print("mode", channel, `-${mode}`, "by", by));
  on("message", (from, to, text) => print("message", to, `<${from}>`, text));
  on("selfMessage", (to, text) => print("own message", to, text));
  on("action", (from, to, text) => print("action", to, `<${from}>`, text));
  on("notice", (from, to, text) => print("notice", to, `<${from}>`, text));
  on("error", (message) => print("error", JSON.stringify(message)));
  return made;
}

let client = connected();
/** @type {Record<string, (...words: string[]) => void>} */
const deeds = {
  join(channel) {
    channels.add(channel);
    client.join(channel);
  },
  names: (channel) => client.send("NAMES", channel),
  say: (target, text) => client.say(target, text),
  act: (target, text) => client.action(target, text),
  tell: (target, text) => client.say(target, text),
  topic: (channel, text) => client.send("TOPIC", channel, text),
  kick: (channel, who, why) => client.send("KICK", channel, who, why),
  quit: () => client.disconnect("good night"),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [deed = "", ...words] = /** @type {string[]} */ (JSON.parse(line));
  deeds[deed]?.(...words);
}
