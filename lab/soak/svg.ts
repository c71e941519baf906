/** The panels of a soak as an SVG, one below the other, over the same time axis. */
import { type Panel, PANELS } from "./figures.js";
import type { Sample } from "./samples.js";

const WIDTH = 900;
const PANEL_HEIGHT = 170;
const LEFT = 70;
const RIGHT = 20;
const HEAD = 56;
const TITLE = 28;
const FOOT = 44;
const TICKS = 4;
const COLOURS = ["#1f5fa8", "#c8541b", "#3c8c40"];
const SECONDS_PER_MINUTE = 60;

export function svgOf(title: string, samples: readonly Sample[]): string {
  const height = HEAD + PANELS.length * PANEL_HEIGHT + FOOT;
  const panels = PANELS.map((panel, at) => drawPanel(panel, samples, HEAD + at * PANEL_HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}"`,
    ` viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">\n`,
    `<rect width="100%" height="100%" fill="white"/>\n`,
    text(LEFT, 26, escaped(title), 'font-size="16"'),
    ...panels,
    timeAxis(samples, HEAD + PANELS.length * PANEL_HEIGHT),
    "</svg>\n",
  ].join("");
}

function drawPanel(panel: Panel, samples: readonly Sample[], top: number): string {
  const series = panel.curves.map(({ of }) => samples.map(of));
  const most = niceMost(Math.max(0, ...series.flat().filter(Number.isFinite)));
  const [yTop, yBottom] = [top + TITLE, top + PANEL_HEIGHT - 8];
  const yOf = (value: number): number => yBottom - (value / most) * (yBottom - yTop);
  const unit = panel.unit === "" ? "" : `, ${panel.unit}`;
  const names = panel.curves.map(({ name }, at) =>
    text(LEFT + 180 + at * 90, top + 16, escaped(name), `fill="${COLOURS[at] ?? ""}"`),
  );
  const grid = Array.from({ length: TICKS + 1 }, (_, tick) => {
    const value = (most * tick) / TICKS;
    const label = text(LEFT - 8, yOf(value) + 4, shortOf(value), 'text-anchor="end"');
    return line(LEFT, yOf(value), WIDTH - RIGHT, yOf(value)) + label;
  });
  const endSeconds = endOf(samples);
  const curves = series.map((values, at) => {
    const points = values.flatMap((value, index) =>
      Number.isFinite(value)
        ? [`${xOf(samples[index]?.seconds ?? 0, endSeconds)},${yOf(value).toFixed(1)}`]
        : [],
    );
    const colour = COLOURS[at] ?? "";
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}"/>\n`;
  });
  const heading = text(LEFT, top + 16, `${panel.title}${unit}`, 'font-weight="bold"');
  return heading + [...names, ...grid, ...curves].join("");
}

function timeAxis(samples: readonly Sample[], top: number): string {
  const endSeconds = endOf(samples);
  const inMinutes = endSeconds >= 2 * SECONDS_PER_MINUTE;
  const end = inMinutes ? endSeconds / SECONDS_PER_MINUTE : endSeconds;
  const step = niceMost(end) / 10;
  const labels: string[] = [];
  for (let at = 0; at <= end; at += step) {
    labels.push(text(xOf(at, end), top + 12, shortOf(at), 'text-anchor="middle"'));
  }
  return labels.join("") + text(LEFT, top + 30, `time, ${inMinutes ? "minutes" : "seconds"}`);
}

function endOf(samples: readonly Sample[]): number {
  return samples.at(-1)?.seconds ?? 1;
}

function xOf(at: number, end: number): string {
  return (LEFT + (at / end) * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

/**
 * Rounds up to 1, 2, 4, 5, 8 or 10 times a power of ten, so that a quarter of it is a short number.
 */
function niceMost(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 5, 8].find((factor) => factor * power >= value) ?? 10);
}

function shortOf(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  const [from, to] = [y1.toFixed(1), y2.toFixed(1)];
  return `<line x1="${x1}" y1="${from}" x2="${x2}" y2="${to}" stroke="#ddd"/>\n`;
}

function text(x: number | string, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content}</text>\n`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
