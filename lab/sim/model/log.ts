/** The expected log on stderr: one line for each event, as text or as a JSON object. */
import { escaped, ExpectedOutput } from "./expected_output.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

export interface LogEvent {
  /** The event's name in a JSON log. */
  event: string;
  /** The text, or a pattern if the model does not know all of it. */
  message: string | RegExp;
  level?: "info" | "warning";
  /** Further fields of the JSON object, in order. */
  fields?: Readonly<Record<string, string | number>>;
}

const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z";
const LOST = new RegExp(
  `\\{"time":"${TIME}","level":"warning","event":"lost",` +
    '"message":"(\\d+) lines? (?:was|were) not written: nobody read (?:it|them) in time"\\}\\n',
  "y",
);

export class Log {
  readonly written: ExpectedOutput;

  constructor(private readonly isJson: boolean) {
    this.written = new ExpectedOutput("log", isJson ? LOST : undefined);
  }

  say(...events: readonly LogEvent[]): void {
    this.written.say(...events.map((one) => (this.isJson ? objectOf(one) : textOf(one))));
  }
}

function textOf({ message }: LogEvent): string | RegExp {
  if (typeof message === "string") return `${message}\n`;
  return new RegExp(`${message.source}\\n`, "y");
}

function objectOf({ event, message, level = "info", fields = {} }: LogEvent): RegExp {
  const inside = (value: object) => escaped(JSON.stringify(value).slice(1, -1));
  const words = typeof message === "string" ? inside([message]) : `"${message.source}"`;
  const head = `\\{"time":"${TIME}",${inside({ level, event })},"message":${words}`;
  const others = inside(fields);
  return new RegExp(`${head}${others === "" ? "" : `,${others}`}\\}\\n`, "y");
}

/** Returns a client's name for operators, with its address if that is known. */
export function clientText({ name, remote }: Session): string {
  return remote === "" || remote === name ? name : `${name} from ${remote}`;
}

/** Returns the fields that name a client in a JSON log. */
export function about({ name, remote }: Session): Record<string, string> {
  return remote === "" ? { name } : { name, peer: remote };
}

/**
 * Logs the arrival of a client, once. A client behind a proxy is logged at its first line, except
 * in the tutorial's style.
 */
export function logArrival(server: ServerModel, session: Session): void {
  if (session.isLogged) return;
  session.isLogged = true;
  const people = server.people.size;
  const message = `${clientText(session)} joined (${people} here)`;
  server.context.log({ event: "joined", message, fields: { ...about(session), people } });
}
