/** Clients with IRC, whose other ends the spec holds. */
import { IrcSession } from "../../../../../assembly/chat/irc/irc_session";
import { chat, enterIrc, got, says } from "./chat";

/** The name of the server in front of its lines. */
export const SERVER = ":irc.pollcast";

/** Connects a client that registers with a nick, and asks for capabilities before. */
export function join(nick: string, capabilities: string = ""): u32 {
  const fd = enterIrc();
  says(
    fd,
    `CAP REQ :${capabilities}\r\nNICK ${nick}\r\nUSER ${nick} 0 * :Real ${nick}\r\nCAP END\r\n`,
  );
  got(fd);
  return fd;
}

/** Returns the session of the user with a nick. */
export function sessionOf(nick: string): IrcSession {
  return <IrcSession>chat.users.find(nick)!;
}

/** Sends a line. @returns the lines that the client got since, with bars between them */
export function asks(fd: u32, line: string): string {
  says(fd, `${line}\r\n`);
  return lines(fd);
}

/** Returns the lines that a client got since, with bars between them. */
export function lines(fd: u32): string {
  return got(fd).trimEnd().replaceAll("\r\n", "|");
}
