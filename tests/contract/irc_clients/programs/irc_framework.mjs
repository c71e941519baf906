/**
 * A client with irc-framework, on which The Lounge and Kiwi IRC stand. It reads deeds as lines of
 * JSON, and prints each event. Usage: irc_framework.mjs PACKAGES PORT
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [packages = "", port = ""] = process.argv.slice(2);
/** @type {{ Client: new (...options: unknown[]) => any }} The library is not typed here. */
const { Client } = createRequire(packages)("irc-framework");
const nick = "irc-framework";
const client = new Client();
client.requestCap(["draft/chathistory"]);
const options = { host: "127.0.0.1", port: Number(port), nick, username: nick };
const connect = () =>
  client.connect({
    ...options,
    gecos: "a real client",
    enable_echomessage: true,
    auto_reconnect: false,
  });

/** @param {unknown[]} words */
const print = (...words) => process.stdout.write(`${words.join(" ")}\n`);
/** @type {Set<string>} */
const channels = new Set();

/**
 * @typedef {Record<
 *   | "channel" | "nick" | "gecos" | "message" | "kicked" | "new_nick" | "topic" | "target"
 *   | "raw_modes" | "type" | "error" | "reason" | "command", string
 * >} Words
 * @typedef {Words & {
 *   params: string[], users: { nick: string, modes: string[] }[], from_server: boolean,
 *   batch?: { type: string }
 * }} Event
 * @type {(name: string, handle: (event: Event) => void) => void}
 */
const on = (name, handle) => client.on(name, handle);

client.on("registered", () => {
  print("registered as", client.user.nick, "with", String(client.network.cap.enabled));
  for (const channel of channels) client.join(channel);
});
client.on("close", () => {
  print("connection closed");
  setTimeout(connect, 50);
});
on("join", (event) => print("join", event.channel, event.nick, `(${event.gecos})`));
on("part", (event) => print("part", event.channel, event.nick));
on("quit", (event) => print("quit", event.nick, event.message));
on("kick", (event) => print("kick", event.channel, event.kicked, "by", event.nick, event.message));
on("nick", (event) => print("nick", event.nick, "->", event.new_nick));
on("topic", (event) => print("topic", event.channel, event.nick, event.topic));
on("topicsetby", (event) => print("topic set by", event.nick));
on("mode", (event) => print("mode", event.target, event.raw_modes, "by", event.nick));
on("userlist", (event) =>
  print("users", event.channel, ...event.users.map((user) => user.modes.join("") + user.nick)),
);
on("message", (event) => {
  const kind = event.from_server ? "server's " : event.batch ? `${event.batch.type}'s ` : "";
  print(`${kind}${event.type}`, event.target, `<${event.nick}>`, event.message);
});
on("batch end chathistory", (event) => print("end of history", ...event.params));
on("irc error", (event) => print("error", event.error, event.reason));
on("unknown command", (event) => print("unknown", event.command, ...event.params));

/** @type {Record<string, (...words: string[]) => void>} */
const deeds = {
  join(channel) {
    channels.add(channel);
    client.join(channel);
  },
  names: (channel) => client.raw("NAMES", channel),
  history: (channel) => client.raw("CHATHISTORY", "LATEST", channel, "*", "5"),
  say: (target, text) => client.say(target, text),
  act: (target, text) => client.action(target, text),
  tell: (target, text) => client.say(target, text),
  topic: (channel, text) => client.setTopic(channel, text),
  kick: (channel, who, why) => client.raw("KICK", channel, who, why),
  quit: () => client.quit("good night"),
};
for await (const line of startedReader()) {
  const [deed = "", ...words] = /** @type {string[]} */ (JSON.parse(line));
  deeds[deed]?.(...words);
}

function startedReader() {
  connect();
  return createInterface({ input: process.stdin });
}
