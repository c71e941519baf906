/**
 * The styles: names of the protocols. `--style` selects the one of new clients, and a client
 * selects its own with `/style`.
 */

export enum Style {
  TUTORIAL = 0,
  LINE = 1,
  JSON = 2,
  JSON2 = 3,
  /** The protocol of IRC's listeners. Nobody selects it. */
  IRC = 4,
}

/** The result of {@link parseStyle} for an unknown name. */
export const NO_STYLE: i32 = -1;

const names: Array<string> = ["tutorial", "line", "json", "json2"];

/** Returns the style with this name, or {@link NO_STYLE}. */
export function parseStyle(text: string): i32 {
  return names.indexOf(text);
}

export function styleName(style: Style): string {
  return names[style];
}
