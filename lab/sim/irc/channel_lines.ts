/** The lines of users that change a client's channels: JOIN, PART, QUIT, NICK, KICK and others. */
import { OracleFailure } from "../failure.js";
import { Channel } from "./channel.js";
import type { IrcClient } from "./client.js";
import type { IrcLine } from "./grammar.js";

type Handler = (client: IrcClient, line: IrcLine) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...{ JOIN: joins, PART: parts, QUIT: quits, NICK: renames, KICK: kicks, MODE: changesModes },
  ...{ TOPIC: setsTopic, AWAY: goesAway, INVITE: invites },
  SETNAME: needing("setname"),
  CHGHOST: needing("chghost"),
  WALLOPS: () => undefined,
  KILL: () => undefined,
};

/** Applies a line to the client's channels. @throws {OracleFailure} if it contradicts them */
export function onChannels(client: IrcClient, line: IrcLine): void {
  const handler = HANDLERS[line.command];
  if (handler === undefined) throw new OracleFailure("irc", `${line.command} is unknown`);
  handler(client, line);
}

function joins(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [name = ""] = parameters;
  const count = client.has("extended-join") ? 3 : 1;
  if (parameters.length !== count) throw new OracleFailure("irc", `JOIN has not ${count} words`);
  if (nick === client.nick) {
    if (client.channels.has(name)) throw new OracleFailure("members", `joined ${name} twice`);
    client.mask ||= source;
    client.channels.set(name, new Channel(name));
    client.hearing.joins(name.slice(1), client.has("echo-message"));
  }
  client.checkMask(nick, source);
  const channel = channelOf(client, name);
  if (channel.members.has(nick)) throw new OracleFailure("members", `${nick} joins again`);
  channel.add(nick, source, client.has("away-notify") ? false : undefined);
}

function parts(client: IrcClient, line: IrcLine): void {
  const channel = channelOf(client, line.parameters[0]);
  client.checkMask(line.nick, line.source);
  leaves(client, channel, line.nick);
}

function kicks(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [name, victim = ""] = parameters;
  const channel = channelOf(client, name);
  checkMember(channel, nick);
  client.checkMask(nick, source);
  leaves(client, channel, victim);
}

function leaves(client: IrcClient, channel: Channel, nick: string): void {
  checkMember(channel, nick);
  channel.members.delete(nick);
  if (nick !== client.nick) return;
  client.channels.delete(channel.name);
  client.hearing.leaves(channel.name.slice(1));
}

function quits(client: IrcClient, { nick, source }: IrcLine): void {
  if (nick === client.nick) throw new OracleFailure("members", "QUIT of the client itself");
  client.checkMask(nick, source);
  const shared = channelsWith(client, nick, "QUIT");
  for (const { members } of shared) members.delete(nick);
}

function renames(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [after = ""] = parameters;
  client.checkMask(nick, source);
  const mask = after + source.slice(nick.length);
  const isSelf = nick === client.nick;
  const shared = isSelf ? [...client.channels.values()] : channelsWith(client, nick, "NICK");
  for (const { members } of shared) {
    const member = members.get(nick);
    if (member === undefined) continue;
    if (members.has(after)) throw new OracleFailure("members", `${after} is there already`);
    members.delete(nick);
    members.set(after, { ...member, mask });
  }
  if (!isSelf) return;
  client.nick = after;
  if (client.mask !== "") client.mask = mask;
}

function changesModes(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [target = "", ...words] = parameters;
  if (!target.startsWith("#")) {
    if (target !== client.nick) throw new OracleFailure("irc", `MODE of ${target}`);
    return;
  }
  const channel = channelOf(client, target);
  if (source.includes("!")) {
    checkMember(channel, nick);
    client.checkMask(nick, source);
  }
  channel.changeModes(words);
}

function setsTopic(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [name, topic = ""] = parameters;
  const channel = channelOf(client, name);
  checkMember(channel, nick);
  client.checkMask(nick, source);
  channel.topic = topic;
}

function goesAway(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  needing("away-notify")(client, { nick, source, parameters, tags: new Map(), command: "AWAY" });
  for (const { members } of client.channels.values()) {
    const member = members.get(nick);
    if (member !== undefined) member.isAway = parameters.length > 0;
  }
}

function invites(client: IrcClient, { nick, source, parameters }: IrcLine): void {
  const [invited, name] = parameters;
  if (invited === client.nick) return;
  if (!client.has("invite-notify")) throw new OracleFailure("irc", "INVITE of another user");
  checkMember(channelOf(client, name), nick);
  client.checkMask(nick, source);
}

/** Returns a handler for a line that needs a capability, and comes from a known user. */
function needing(capability: string): Handler {
  return (client, { nick, source, command }) => {
    if (!client.has(capability)) throw new OracleFailure("irc", `${command} not asked for`);
    client.checkMask(nick, source);
    if (!client.monitors && nick !== client.nick) channelsWith(client, nick, command);
  };
}

function channelOf({ channels }: IrcClient, name = ""): Channel {
  const channel = channels.get(name);
  if (channel === undefined) throw new OracleFailure("members", `the client is not in ${name}`);
  return channel;
}

/** Checks that a user is a member, if the client knows all members. */
function checkMember({ members, isListed, name }: Channel, nick: string): void {
  if (members.has(nick) || !isListed) return;
  throw new OracleFailure("members", `${nick} is not known to be in ${name}`);
}

/** Returns the channels with a user; there must be one if the client knows all members. */
function channelsWith({ channels }: IrcClient, nick: string, command: string): Channel[] {
  const shared = [...channels.values()].filter(({ members }) => members.has(nick));
  if (shared.length > 0 || [...channels.values()].some(({ isListed }) => !isListed)) return shared;
  throw new OracleFailure("members", `${command} of ${nick}, known in no channel`);
}
