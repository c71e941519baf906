/** Markup as text, so that the same code draws a picture in a page and in a build. */

/** Text that is already markup. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Part = string | number | Markup | undefined | false | readonly Part[];

/** A template tag that escapes its values, unless they are markup. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Markup {
  return new Markup(strings.map((text, at) => text + partOf(values[at])).join(""));
}

function partOf(value: Part): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map((one) => partOf(one)).join("");
  return escaped(String(value));
}

export function escaped(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text.replace(/[&<>"]/g, (letter) => `&${names[letter] ?? ""};`);
}
