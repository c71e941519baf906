/**
 * Private words. A name can be ambiguous: another user may have had it since the client connected,
 * or another one may have written to the client since. Then the client must repeat the command.
 */
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { refusal } from "./words.js";

export function sendPrivately(
  server: ServerModel,
  session: Session,
  other: Session,
  text: string,
): void {
  if (isMeant(server, session, other)) whisper(server, session, other, text);
}

export function reply(server: ServerModel, session: Session, text: string): void {
  const other = session.correspondent;
  if (other === undefined) {
    const hint = "nobody has spoken to you alone yet: /msg NAME TEXT does";
    server.tell(session, refusal("no-reply", hint));
  } else if (!server.has(other.session)) {
    session.correspondent = undefined;
    session.confirmedCorrespondent = undefined;
    server.tell(session, refusal("no-person", `${other.name} is not here any more`));
  } else if (
    session.confirmedCorrespondent !== undefined &&
    session.confirmedCorrespondent !== other.session
  ) {
    const { name } = other.session;
    const hint = `say it again to answer ${name}, or use /msg`;
    const told = `${name} has spoken to you alone since: ${hint}`;
    session.confirmedCorrespondent = other.session;
    server.tell(session, refusal("other-person", told));
  } else if (isMeant(server, session, other.session)) {
    session.confirmedCorrespondent = other.session;
    whisper(server, session, other.session, text);
  }
}

function isMeant(server: ServerModel, session: Session, { key, name }: Session): boolean {
  const holder = server.people.get(key);
  if (holder === undefined) return false;
  const before = session.meant.get(key);
  if (before === holder) return true;
  session.meant.set(key, holder);
  const former = server.people.formerHolders.get(key);
  const isOther =
    former !== undefined && former.session !== holder && session.arrival <= former.newest;
  if (before === undefined && !isOther) return true;
  const hint = "say it again if you mean the one that has the name now";
  server.tell(session, refusal("other-person", `another one was called ${name} before: ${hint}`));
  return false;
}

function whisper(server: ServerModel, session: Session, other: Session, text: string): void {
  const object = { type: "private", from: session.name, to: other.name, text };
  server.tell(session, { plain: text, object, sign: `[you -> ${other.name}]` });
  if (other.away !== "") {
    const plain = `${other.name} is away: ${other.away}`;
    server.tell(session, { plain, object: { type: "away", name: other.name, text: other.away } });
  }
  if (other.ignored.has(session)) return;
  if (other.correspondent === undefined) other.confirmedCorrespondent = session;
  other.correspondent = { session, name: session.name };
  server.tell(other, { plain: text, object, sign: `[${session.name} -> you]` });
  server.holdBack(session, other.backpressureUntil);
}
