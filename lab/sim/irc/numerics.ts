/** The numerics of the server: answers, which must agree with the lines before. */
import { OracleFailure } from "../failure.js";
import type { Channel } from "./channel.js";
import type { IrcClient } from "./client.js";
import type { IrcLine } from "./grammar.js";

/** The rows of answers, by the numerics that end them. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  ...{ "315": ["352", "354"], "318": ["311", "319"], "323": ["321", "322"], "376": ["375", "372"] },
  ...{ "368": ["367"], "349": ["348"], "347": ["346"], "733": ["732"], "337": ["336"] },
};
const END_OF_ROW = new Map(
  Object.entries(ENDS).flatMap(([end, rows]) => rows.map((row) => [row, end] as const)),
);

/** Returns true for a numeric that is a row of an answer, or its end. */
export function isRow(numeric: string): boolean {
  return numeric in ENDS || END_OF_ROW.has(numeric) || numeric === "353" || numeric === "366";
}

/** Applies a numeric, or compares it with what is known. @throws {OracleFailure} */
export function onNumeric(client: IrcClient, { command, parameters }: IrcLine): void {
  const [target = "", ...words] = parameters;
  if (command === "001") {
    if (client.nick !== "") throw new OracleFailure("irc", "welcomed twice");
    client.nick = target;
  }
  if (client.nick !== "" && target !== client.nick) {
    throw new OracleFailure("irc", `${command} is for ${target}`);
  }
  const end = END_OF_ROW.get(command);
  if (end !== undefined) {
    const rows = client.rows.get(end) ?? [];
    if (rows.length === 0) client.isChanged = false;
    client.rows.set(end, [...rows, [command, ...words]]);
  }
  const channel = client.channels.get(words[0] ?? "");
  if (command === "353") namesRow(client, words);
  else if (command === "366") endOfNames(client, words[0] ?? "");
  else if (command === "332" && channel !== undefined) knowsTopic(channel, words[1] ?? "");
  else if (command === "331" && channel !== undefined) knowsTopic(channel, "");
  else if (command === "324" && channel !== undefined) knowsModes(channel, words[1] ?? "");
  else if (command === "305" || command === "306") setOwnAway(client, command === "306");
  else if (command === "315" && channel !== undefined) checkWho(client, channel);
  if (command in ENDS) client.rows.set(command, []);
}

function namesRow(client: IrcClient, [kind, name = "", list = ""]: readonly string[]): void {
  if (kind !== "=" && kind !== "@" && kind !== "*") throw new OracleFailure("irc", `353 ${kind}`);
  const names = list.split(" ");
  const isLong = client.has("userhost-in-names");
  const wrong = names.find((one) => one === "" || one.includes("!") !== isLong);
  if (wrong !== undefined) throw new OracleFailure("irc", `353 has the name ${wrong}`);
  if (!client.has("multi-prefix") && names.some((one) => /^[@+]{2}/.test(one))) {
    throw new OracleFailure("irc", "353 has two prefixes");
  }
  const channel = client.channels.get(name);
  if (channel?.names.length === 0) client.isChanged = false;
  channel?.addNames(names);
}

function endOfNames(client: IrcClient, name: string): void {
  const ended = client.channels.get(name);
  // The last numeric of an answer about several channels, or about none, repeats the words of the
  // question.
  const some = ended === undefined ? [...client.channels.values()] : [ended];
  for (const channel of some) {
    if (channel === ended || channel.names.length > 0) {
      channel.endNames(client.has("multi-prefix"), !client.isChanged);
    }
  }
}

function knowsTopic(channel: Channel, told: string): void {
  if (channel.topic !== undefined && channel.topic !== told) {
    throw new OracleFailure("irc", `the topic of ${channel.name} is known as ${channel.topic}`);
  }
  channel.topic = told;
}

function knowsModes(channel: Channel, letters: string): void {
  const told = new Set(letters.replace("+", ""));
  const { modes } = channel;
  if (modes !== undefined && [...modes].sort().join("") !== [...told].sort().join("")) {
    throw new OracleFailure(
      "irc",
      `the modes of ${channel.name} are known as ${[...modes].join("")}`,
    );
  }
  channel.modes = told;
}

function setOwnAway(client: IrcClient, isAway: boolean): void {
  for (const { members } of client.channels.values()) {
    const own = members.get(client.nick);
    if (own !== undefined) own.isAway = isAway;
  }
}

/** Compares the answer to WHO with the members, and records which of them are away. */
function checkWho(client: IrcClient, channel: Channel): void {
  const rows = client.rows.get("315") ?? [];
  if (!channel.isListed || client.isChanged) return;
  const differs = (what: string) => new OracleFailure("members", `WHO ${channel.name}: ${what}`);
  if (rows.length !== channel.members.size) {
    throw differs(`${rows.length} users, ${channel.members.size} are known`);
  }
  for (const row of rows) {
    const [user = "", host = "", nick = "", flags = ""] = whoFields(row);
    const member = channel.members.get(nick);
    if (member === undefined) throw differs(`${nick} is not known`);
    if (member.mask !== "" && member.mask !== `${nick}!${user}@${host}`) {
      throw differs(`${nick} is known as ${member.mask}`);
    }
    if (member.isOperator !== flags.includes("@")) throw differs(`${nick} has ${flags}`);
    const isAway = flags.startsWith("G");
    const knows = client.has("away-notify") || nick === client.nick;
    if (knows && member.isAway !== undefined && member.isAway !== isAway) {
      throw differs(`${nick} has ${flags}, and is known otherwise`);
    }
    member.isAway = isAway;
  }
}

/** Returns user, host, nick and flags of a row: of 352, or of 354 as these clients ask for it. */
function whoFields([command, ...words]: readonly string[]): string[] {
  const at = command === "352" ? [1, 2, 4, 5] : [2, 3, 4, 5];
  return at.map((index) => words[index] ?? "");
}
