/**
 * Renders an object of the server as a line for people. A message to a room begins with the time, a
 * private message with a bracket, and each other line with `*`. So no user can imitate a line of
 * another kind.
 */
import { styleText } from "node:util";
import { printable } from "../base/printable.js";
import { numberOf, type ServerObject, textOf, textsOf } from "./objects.js";

/** The colours of names. Red is for errors. */
const NAME_COLOURS = ["cyan", "green", "yellow", "magenta", "blue"] as const;

export interface Look {
  /** True to use colours. */
  hasColour: boolean;
  /** The name of the client itself. */
  you: string;
  now: Date;
}

/** Returns a line with its line end; empty for an object that is not shown. */
export function render(object: ServerObject, look: Look): string {
  const text = lineOf(object, new Painter(object, look));
  return text === "" ? "" : `${text}\n`;
}

/** Reads the fields of an object, safe for a terminal and in one line. */
class Painter {
  constructor(
    private readonly object: ServerObject,
    readonly look: Look,
  ) {}

  text(field: string): string {
    return oneLine(textOf(this.object, field));
  }

  name(field: string): string {
    return this.painted(textOf(this.object, field));
  }

  names(field: string): string[] {
    return textsOf(this.object, field);
  }

  texts(field: string): string[] {
    return textsOf(this.object, field).map(oneLine);
  }

  number(field: string): number {
    return numberOf(this.object, field);
  }

  isTrue(field: string): boolean {
    return this.object[field] === true;
  }

  painted(name: string): string {
    const shown = oneLine(name);
    if (!this.look.hasColour || shown === "") return shown;
    let hash = 0;
    for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
    return styleText(NAME_COLOURS[hash % NAME_COLOURS.length] ?? "cyan", shown);
  }

  failed(text: string): string {
    return this.look.hasColour ? styleText("red", text) : text;
  }
}

function lineOf(object: ServerObject, of: Painter): string {
  const { you, now } = of.look;
  switch (object.type) {
    case "message": {
      const from = of.isTrue("notice") ? `-${of.name("from")}-` : `${of.name("from")}:`;
      return `${timeOf(of.number("time"), now)} ${from} ${of.text("text")}`;
    }
    case "action":
      return `${timeOf(of.number("time"), now)} * ${of.name("from")} ${of.text("text")}`;
    case "private":
      return `[${party(of, "from")} -> ${party(of, "to")}] ${of.text("text")}`;
    case "welcome": {
      const where = `${of.text("room")} (${of.number("people")} here)`;
      const topic = of.text("topic") === "" ? "" : `; topic: ${of.text("topic")}`;
      return `* you are ${of.name("you")} in ${where}${topic}`;
    }
    case "join":
      return `* ${of.name("from")} joined`;
    case "leave":
      return `* ${of.name("from")} left`;
    case "presence":
      return changed(of.number("joined"), of.number("left"));
    case "nick":
      return `* ${of.name("from")} is now ${of.name("to")}`;
    case "topic":
      return topicLine(of);
    case "away":
      return awayLine(of, you);
    case "kick":
    case "invite":
    case "mode":
      return operatorLine(object.type, of);
    default:
      return answerLine(object.type, of);
  }
}

/** Renders what operators of a room do. */
function operatorLine(type: string, of: Painter): string {
  const room = of.text("room");
  if (type === "invite")
    return `* ${of.name("from")} invites you to ${room}: /join ${room} goes there`;
  if (type === "kick") {
    const why = of.text("text") === "" ? "" : `: ${of.text("text")}`;
    return `* ${of.name("from")} sent ${of.name("name")} out of ${room}${why}`;
  }
  return `* ${of.name("from")} set modes ${[of.text("modes"), ...of.texts("arguments")].join(" ")}`;
}

/** Renders answers to commands, and messages of the server. */
function answerLine(type: string, of: Painter): string {
  switch (type) {
    case "room": {
      const topic = of.text("topic") === "" ? "" : `: ${of.text("topic")}`;
      return `* ${of.text("room")} (${of.number("people")})${topic}`;
    }
    case "who":
      return whoLine(of);
    case "whois": {
      const away = of.text("away") === "" ? "" : `, away: ${of.text("away")}`;
      const since = duration(of.number("seconds"));
      return `* ${of.name("name")} is in ${of.text("room")}, here for ${since}${away}`;
    }
    case "modes": {
      const modes = [of.text("modes"), ...of.texts("arguments")].join(" ");
      const operators = of.texts("operators").join(", ");
      return `* ${of.text("room")} has modes ${modes}; operators: ${operators}`;
    }
    case "masks":
      return `* ${of.text("room")}, list ${of.text("list")}: ${of.texts("masks").join(", ")}`;
    case "history":
      return of.number("lines") === 0 ? `* nothing was said in ${of.text("room")}` : "";
    case "server":
      return `* server: ${of.text("text")}`;
    case "pong":
      return `* pong ${of.text("text")}`.trimEnd();
    case "error":
      return of.failed(`* ${of.text("text")}`);
    case "notice":
    case "closed":
      return `* ${of.text("text")}`;
    default:
      // A later version may send types that are not known here.
      return "";
  }
}

function party(of: Painter, field: string): string {
  return of.text(field) === oneLine(of.look.you) ? "you" : of.name(field);
}

function topicLine(of: Painter): string {
  if (of.text("from") !== "") return `* ${of.name("from")} set the topic: ${of.text("text")}`;
  return of.text("text") === "" ? "* there is no topic" : `* topic: ${of.text("text")}`;
}

function awayLine(of: Painter, you: string): string {
  const isOwn = of.text("name") === oneLine(you);
  if (of.text("text") === "") return isOwn ? "* you are back" : `* ${of.name("name")} is back`;
  const who = isOwn ? "you are" : `${of.name("name")} is`;
  return `* ${who} away: ${of.text("text")}`;
}

function whoLine(of: Painter): string {
  const away = new Set(of.names("away"));
  const names = of.names("names");
  const listed = names.map((name) => of.painted(name) + (away.has(name) ? " (away)" : ""));
  const people = of.number("people");
  const more = people > names.length ? ` and ${people - names.length} more` : "";
  return `* ${of.text("room")} (${people}): ${listed.join(", ")}${more}`;
}

/** Returns a text without newlines: after one, it could imitate another line. */
export function oneLine(text: string): string {
  return printable(text).replaceAll("\n", "\\u000a");
}

/** Returns the local time, with the date unless it is today. */
function timeOf(seconds: number, now: Date): string {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return "??:??:??";
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  const isToday = date.toDateString() === now.toDateString();
  if (isToday) return time;
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("/");
  return `${day} ${time}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} m`;
}

function changed(joined: number, left: number): string {
  const parts = [joined === 0 ? "" : `${joined} joined`, left === 0 ? "" : `${left} left`];
  return `* ${parts.filter((part) => part !== "").join(", ")}`;
}
