/** Renders a chart as markup: lines with a name at their end. */
import { html, type Markup } from "../../lab/explore/markup.js";

export interface Series {
  name: string;
  /** The sign at each point, since colour alone would not do for all readers. */
  mark: string;
  /** The number of the colour, 0 to 4. */
  colour: number;
  points: [number, number][];
}

export interface Axis {
  name: string;
  from: number;
  to: number;
  ticks: readonly number[];
  isLogarithmic?: boolean;
}

export interface Chart {
  label: string;
  x: Axis;
  y: Axis;
  series: Series[];
  event?: { x: number; text: string };
}

/** The largest width of a chart, in pixels. */
export const WIDEST = 760;
/** The width below which names are beneath the chart, not at the ends of the lines, in pixels. */
const NARROW = 560;
const [HEIGHT, LEFT, TOP, BOTTOM] = [290, 58, 16, 44];
const [RIGHT, RIGHT_NARROW] = [200, 18];
const NAME_HEIGHT = 18;
const MARKS_MOST = 20;

/** Renders a chart. @param width in pixels; the size of the letters does not depend on it */
export function chart({ label, x, y, series, event }: Chart, width = WIDEST): Markup {
  const isNarrow = width < NARROW;
  const right = width - (isNarrow ? RIGHT_NARROW : RIGHT);
  const height = HEIGHT + (isNarrow ? (series.length + 1) * NAME_HEIGHT : 0);
  const across = (value: number) => scale(value, x, LEFT, right);
  const up = (value: number) => scale(value, y, HEIGHT - BOTTOM, TOP);
  const rows = y.ticks.map(
    (tick) =>
      html`<line x1="${LEFT}" x2="${right}" y1="${up(tick)}" y2="${up(tick)}" class="grid" />
        <text x="${LEFT - 6}" y="${up(tick) + 4}" class="end">${short(tick)}</text>`,
  );
  const columns = x.ticks.map(
    (tick) =>
      html`<text x="${across(tick)}" y="${HEIGHT - BOTTOM + 17}" class="mid">${short(tick)}</text>`,
  );
  const happened =
    event &&
    html`<line
        x1="${across(event.x)}"
        x2="${across(event.x)}"
        y1="${TOP}"
        y2="${HEIGHT - BOTTOM}"
        class="event"
      />
      <text x="${across(event.x) + 5}" y="${TOP + 11}">${event.text}</text>`;
  const lines = series.map(({ points, mark, colour }) => {
    const path = points.map(
      ([px, py], at) => `${at === 0 ? "M" : "L"}${across(px).toFixed(1)} ${up(py).toFixed(1)}`,
    );
    const marks = points.length > MARKS_MOST ? [] : points;
    return html`<g class="c${colour}"
      ><path d="${path.join("")}" />${marks.map(
        ([px, py]) => html`<text x="${across(px)}" y="${up(py) + 4}" class="mark">${mark}</text>`,
      )}</g
    >`;
  });
  const names = isNarrow ? namesBeneath(series) : namesAtEnds(series, up, right);
  return html`<svg viewBox="0 0 ${width} ${height}" class="chart" role="img" aria-label="${label}">
    ${rows}${columns}${happened}${lines}${names}
    <text x="${(LEFT + right) / 2}" y="${HEIGHT - 6}" class="mid">${x.name}</text>
    <text x="14" y="${HEIGHT / 2}" class="mid" transform="rotate(-90 14 ${HEIGHT / 2})">
      ${y.name}
    </text>
  </svg>`;
}

/** Renders the names at the ends of their lines, moved apart where they would overlap. */
function namesAtEnds(
  series: readonly Series[],
  up: (value: number) => number,
  right: number,
): Markup {
  let last = -Infinity;
  const names = series
    .map((one) => ({ one, y: up(one.points.at(-1)?.[1] ?? 0) }))
    .sort((one, other) => one.y - other.y)
    .map(({ one, y }) => {
      last = Math.max(y, last + NAME_HEIGHT);
      return nameOf(one, right + 10, last + 4);
    });
  return html`${names}`;
}

function namesBeneath(series: readonly Series[]): Markup {
  return html`${series.map((one, at) => nameOf(one, LEFT, HEIGHT + NAME_HEIGHT * (at + 1)))}`;
}

function nameOf({ colour, mark, name }: Series, x: number, y: number): Markup {
  return html`<text x="${x}" y="${y}" class="name c${colour}">${mark} ${name}</text>`;
}

function scale(
  value: number,
  { from, to, isLogarithmic }: Axis,
  first: number,
  last: number,
): number {
  const place = (one: number) => (isLogarithmic ? Math.log(Math.max(one, from)) : one);
  const share = (place(value) - place(from)) / (place(to) - place(from));
  return first + share * (last - first);
}

export function short(value: number): string {
  if (value >= 1000) return `${Number((value / 1000).toFixed(1))}k`;
  return String(Number(value.toFixed(value < 10 ? 1 : 0)));
}

/** Renders a table. @param head the names of the columns */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Markup {
  const cell = (value: string | number, at: number) =>
    at === 0 ? html`<th scope="row">${value}</th>` : html`<td class="number">${value}</td>`;
  const heads = head.map(
    (name, at) => html`<th scope="col" class="${at > 0 && "number"}">${name}</th>`,
  );
  return html`<div class="wide" tabindex="0" role="group" aria-label="${head.join(", ")}">
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
