/** The command /ignore: it is for a user, not for a name. */
import { rehear } from "./find_person.js";
import { keyOf } from "./names.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { IGNORED_MOST, SHOWN_CHARACTERS } from "./settings.js";
import { excerpt, refusal } from "./words.js";

export function ignore(server: ServerModel, session: Session, name: string): void {
  const { ignored } = session;
  const isHere = (one: Session) => server.has(one);
  if (name === "") {
    const names = [...ignored].map(([one, then]) => (isHere(one) ? one.name : `${then} (gone)`));
    server.tell(session, `you ignore ${names.length === 0 ? "nobody" : names.join(", ")}`);
    return;
  }
  const found = server.find(name);
  const key = keyOf(name);
  const known = found ?? [...ignored].find(([, then]) => keyOf(then) === key)?.[0];
  if (known !== undefined && ignored.has(known)) {
    rehear(session, () => ignored.delete(known));
    server.tell(session, `you hear ${name} again`);
  } else if (found === undefined) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    server.tell(session, refusal("no-person", `nobody here is called ${shown}`));
  } else if (found === session) {
    server.tell(session, refusal("ignore", "you cannot ignore yourself"));
  } else {
    const gone = [...ignored.keys()].find((one) => !isHere(one));
    if (ignored.size >= IGNORED_MOST && gone !== undefined) ignored.delete(gone);
    if (ignored.size >= IGNORED_MOST) {
      const text = `you ignore ${IGNORED_MOST} people, which is all you can`;
      server.tell(session, refusal("ignore", text));
      return;
    }
    rehear(session, () => ignored.set(found, found.name));
    server.tell(session, `you ignore ${name}: /ignore ${name} again ends that`);
  }
}
