/** A chat with clients whose other ends the spec holds. */
import { Chat } from "../../../../../assembly/chat/chat";
import { Log } from "../../../../../assembly/chat/admin/log";
import { ChatServer } from "../../../../../assembly/chat/server";
import { Session } from "../../../../../assembly/chat/session/session";
import { ChatSettings } from "../../../../../assembly/chat/settings";
import { Style } from "../../../../../assembly/chat/protocol/style";
import { Loop } from "../../../../../assembly/loop/loop";
import { Output } from "../../../../../assembly/net/stdio/output";
import { STDERR } from "../../../../../assembly/wasi/stdio";
import { arrive, feed, forgetSent, openConnection, openListener } from "./host";
import { Note, sent } from "./steps";

/** The listener behind a proxy. */
export const proxyDoor = openListener();
/** The listener for IRC. */
export const ircDoor = openListener();
export const admission = openListener();
export const loop = new Loop();
/** Where the log is written. */
export const errors = new Output(loop, STDERR);
export const log = new Log(errors);
/**
 * Three people, as in the tutorial; lines of 16000 bytes; slow from 100,000 bytes owed, 200,000 at
 * most. Three rooms that remember 20 lines, of which a newcomer gets five; in rooms of three,
 * people are told who comes and goes.
 */
export const settings = new ChatSettings();
settings.connection.lineBytes = 16_000;
settings.connection.softBytes = 100_000;
settings.connection.softSeconds = 5;
settings.connection.hardBytes = 200_000;
settings.connection.burst = 1;
settings.connection.floodSeconds = 1;
settings.clients = 3;
settings.timeZone = 60;
settings.style = Style.TUTORIAL;
settings.rooms = 3;
settings.history = 20;
settings.replay = 5;
settings.announce = 3;
settings.showsAddresses = true;
export const server = new ChatServer(loop, settings, log);
export const chat: Chat = server.chat;

/** One tick that waits for nothing, and what the next one sends before it waits. */
export function turn(): void {
  loop.callSoon(new Note([], ""));
  loop.tick();
  chat.round.endTick();
  errors.run();
}

/** The id of the last session that a spec created directly. */
let arrivals: u64 = 1000;

/** A session that the chat has not let in. */
export function newSession(name: string, style: Style = settings.style): Session {
  const protocol = chat.protocols.withStyle(style);
  return new Session(server, chat.connections, ++arrivals, openConnection(), name, protocol);
}

let next: u32 = admission + 1;

/** Connects a client. @returns its descriptor */
export function enter(): u32 {
  return enterBy(admission, false);
}

/** Connects a client through a proxy that has sent nothing yet. */
export function enterThroughProxy(): u32 {
  return enterBy(proxyDoor, true);
}

/** Connects a client with IRC, which has sent nothing yet. */
export function enterIrc(): u32 {
  return enterBy(ircDoor, false, true);
}

function enterBy(listener: u32, proxied: bool, isIrc: bool = false): u32 {
  if (server.listen(listener, proxied, isIrc) == "") errors.open();
  arrive(listener, 1);
  turn();
  forgetSent(STDERR);
  return next++;
}

/** Returns what a client got since the last call, without the dates of the stamps. */
export function got(fd: u32): string {
  const text = sent(fd);
  forgetSent(fd);
  return text.replaceAll("1970/01/01 01:00:00 ", "");
}

export function says(fd: u32, text: string): void {
  feed(fd, text);
  turn();
}

/** The most rooms of a client of {@link enterAs}. */
export const ROOMS: i32 = 20;

/** Enters a chat with many rooms, in a style and under a name. @returns the client's descriptor */
export function enterAs(name: string, style: Style = Style.LINE): u32 {
  settings.clients = 10;
  settings.rooms = 100;
  settings.roomsPerClient = ROOMS;
  settings.announce = 10;
  settings.style = style;
  const fd = enter();
  says(fd, `/nick ${name}\n`);
  got(fd);
  return fd;
}

/** Returns the answer to a user's line. */
export function asks(fd: u32, line: string): string {
  got(fd);
  says(fd, line + "\n");
  return got(fd);
}
