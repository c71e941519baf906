/** `pollcast connect`: a client of the chat, for people at a terminal and for pipes. */
import { EXIT } from "../base/errors.js";
import type { UserEnd } from "../control/console.js";
import { Session, type SessionOptions } from "./session.js";
import { PlainView, TerminalView } from "./view.js";

/**
 * Runs the client until the user or the server ends it.
 *
 * @param stop makes the client leave
 * @returns the exit code
 * @throws UserError if the client cannot connect, or cannot reconnect
 */
export async function connect(
  options: Omit<SessionOptions, "showsPast">,
  user: UserEnd,
  stop: AbortSignal,
): Promise<number> {
  const { terminal } = user.output;
  const isTerminal = user.input.isTTY && terminal !== undefined;
  const view = isTerminal ? new TerminalView(user, terminal) : new PlainView(user);
  const session = new Session(
    { ...options, showsPast: isTerminal },
    {
      onLink: view.onLink,
      onObject: (object) => view.onObject(object),
      onWords: view.onWords,
      onSent: () => view.onSent(),
    },
  );
  view.open(session);
  const onStop = (): void => session.leave();
  stop.addEventListener("abort", onStop);
  try {
    session.connect();
    await session.ended;
  } finally {
    stop.removeEventListener("abort", onStop);
    view.close();
  }
  return EXIT.ok;
}
