/** A chart as markup: lines with a name at their end. */
import { html, type Markup } from "../../lab/explore/markup.js";

export interface Series {
  name: string;
  /** So that it is not told by its colour alone. */
  mark: string;
  /** 0 to 4. */
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

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 290, 58, 170, 16, 44];
const NAME_HEIGHT = 16;
const MARKS_MOST = 20;

export function chart({ label, x, y, series, event }: Chart): Markup {
  const across = (value: number) => scale(value, x, LEFT, WIDTH - RIGHT);
  const up = (value: number) => scale(value, y, HEIGHT - BOTTOM, TOP);
  const rows = y.ticks.map(
    (tick) =>
      html`<line
          x1="${LEFT}"
          x2="${WIDTH - RIGHT}"
          y1="${up(tick)}"
          y2="${up(tick)}"
          class="grid"
        />
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
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" class="chart" role="img" aria-label="${label}">
    ${rows}${columns}${happened}${lines}${namesOf(series, up)}
    <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" class="mid">${x.name}</text>
    <text x="14" y="${HEIGHT / 2}" class="mid" transform="rotate(-90 14 ${HEIGHT / 2})">
      ${y.name}
    </text>
  </svg>`;
}

/** Names at the ends of their lines, moved apart where they would lie on each other. */
function namesOf(series: readonly Series[], up: (value: number) => number): Markup {
  let last = -Infinity;
  const names = series
    .map((one) => ({ one, y: up(one.points.at(-1)?.[1] ?? 0) }))
    .sort((one, other) => one.y - other.y)
    .map(({ one, y }) => {
      last = Math.max(y, last + NAME_HEIGHT);
      return html`<text x="${WIDTH - RIGHT + 8}" y="${last + 4}" class="name c${one.colour}"
        >${one.mark} ${one.name}</text
      >`;
    });
  return html`${names}`;
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

/** @param head the first column's name, then the others' */
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
