/** The command line of `pollcast connect`. */
import { Command, Option } from "commander";
import { usage } from "../base/errors.js";
import type { UserEnd } from "../control/console.js";
import { connect } from "./connect.js";
import { DEFAULT_PLACE, parsePlace } from "./place.js";

const HELP = `
On a terminal:
  Tab completes commands, names and rooms; Up and Down bring lines back.
  /help lists the commands of the chat; Ctrl-C, Ctrl-D and /quit leave.
  If the connection breaks, the client connects again and shows what was said meanwhile.

In a pipe:
  Each line of the input is said, and each message is a line of the output.
  After the end of the input, the client waits for all answers and ends.

Environment:
  NO_COLOR  shows names without colour

Exit codes:
  0   the client has left, or all of its input is answered
  1   the server refuses the name or the room
  64  the command line is wrong
  69  there is no server, or the server has closed the connection
  75  the server is full, or does not answer: try later
  76  the server is not a pollcast server
  77  kicked or banned

Example:
  $ pollcast connect --name ann chat.example:9999
  $ echo "the build is done" | pollcast connect --name builder --room builds`;

export interface ConnectSurroundings {
  user: UserEnd;
  stop: AbortSignal;
  /** Called with the exit code. */
  ended: (exitCode: number) => void;
}

export function connectCommand({ user, stop, ended }: ConnectSurroundings): Command {
  return new Command("connect")
    .description("connects to a chat server, as a client for people and for pipes")
    .argument("[server]", "HOST:PORT, HOST or :PORT (default: 127.0.0.1:9999)")
    .addOption(new Option("--name <NAME>", "your name there (default: what the server gives)"))
    .addOption(new Option("--room <ROOM>", "the room to begin in (default: the lobby)"))
    .addHelpText("after", HELP)
    .action(async (server: string | undefined, options: { name?: string; room?: string }) => {
      const address = server === undefined ? DEFAULT_PLACE : parsePlace(server);
      const name = word("--name", options.name);
      const room = word("--room", options.room);
      ended(await connect({ address, name, room }, user, stop));
    });
}

/** Checks that an option's value is one word, since it becomes part of a line. @throws UserError */
function word(flag: string, text: string | undefined): string {
  if (text === undefined) return "";
  if (/^[^\s\p{Cc}]{1,128}$/u.test(text)) return text;
  throw usage(`${flag} ${JSON.stringify(text)} is not one word`);
}
