/**
 * The names of the protocols: `--style` chooses for newcomers, and a client by `/style` for itself.
 */

export enum Style {
  TUTORIAL = 0,
  LINE = 1,
  JSON = 2,
}

/** What {@link parseStyle} returns for a text that is no style. */
export const NO_STYLE: i32 = -1;

const names: Array<string> = ["tutorial", "line", "json"];

/** @returns the style of that name, or {@link NO_STYLE} */
export function parseStyle(text: string): i32 {
  return names.indexOf(text);
}

export function styleName(style: Style): string {
  return names[style];
}
