/**
 * How one connection reads what is said: `--style` chooses for newcomers, and `/style` for oneself.
 * The tutorial's is for a whole server: everything is said there, commands as well.
 */

export enum Style {
  /** The tutorial's two lines, exactly: `YYYY/MM/DD HH:MM:SS name`, then what was said. */
  TUTORIAL = 0,
  /** For people: `HH:MM:SS name: what was said`. */
  LINE = 1,
  /** For programs: one object a line, as docs/reference/protocol.md says. */
  JSON = 2,
}

/** Of the objects of style JSON; it grows when one changes its meaning. */
export const PROTOCOL_VERSION: i64 = 1;

export const STYLES: i32 = 3;
/** What {@link parseStyle} answers to a text that is no style. */
export const NO_STYLE: i32 = -1;

const names: Array<string> = ["tutorial", "line", "json"];

/** The style of that name, or {@link NO_STYLE}. */
export function parseStyle(text: string): i32 {
  return names.indexOf(text);
}

export function styleName(style: Style): string {
  return names[style];
}
