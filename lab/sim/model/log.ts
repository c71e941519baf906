/** What must stand in the log: a line for each event, in words or as an object for programs. */
import { escaped, ExpectedOutput } from "./expected_output.js";
import type { Person } from "./member.js";

export interface LogEvent {
  /** Its name for programs. */
  event: string;
  /** A pattern for what is not known in all. */
  message: string | RegExp;
  level?: "info" | "warning";
  /** What else programs are told, in order. */
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

/** What the log says of somebody, for programs. */
export function about({ name, remote }: Person): Record<string, string> {
  return remote === "" ? { name } : { name, peer: remote };
}
