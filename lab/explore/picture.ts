/** Draws a run as a standalone SVG file, for light and dark mode, without a script. */
import { html, type Markup } from "./markup.js";
import type { Recording } from "./moment.js";
import { Score } from "./score.js";
import { shownOf } from "./view.js";
import { say, wordsOf, type Language } from "./words.js";

const LABELS = 96;
const LINE = 19;
const CHARACTERS = { en: 104, zh: 56 } as const;
const WIDTH_LEAST = 720;

/** @param to the number of moments to draw; all by default */
export function pictureOf(recording: Recording, language: Language, to?: number): Markup {
  const shown = shownOf(recording).slice(0, to);
  const words = wordsOf(language);
  const isChinese = language === "zh";
  const score = new Score(shown, {
    client: (client) => words.client(client),
    listener: isChinese ? "监听" : "listener",
    console: isChinese ? "控制台" : "stdin",
  });
  const last = shown.at(-1);
  const sentence = last === undefined ? "" : say(last, language);
  const lines = linesOf(sentence, CHARACTERS[language]);
  const width = Math.max(WIDTH_LEAST, score.width + LABELS + 12);
  const height = score.height + (lines.length + 2) * LINE + 8;
  const texts = lines.map((text, at) => {
    return html`<text x="8" y="${score.height + (at + 1) * LINE + 4}" class="say">${text}</text>`;
  });
  const facts = isChinese
    ? `${recording.script.program}.wasm · ${recording.calls} 次宿主调用 · 轨迹 ${recording.hash}`
    : `${recording.script.program}.wasm · ${recording.calls} host calls · trace ${recording.hash}`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
  >
    <title>${sentence}</title>
    ${STYLE}
    <rect class="paper" width="${width}" height="${height}" rx="8" />
    <g transform="translate(8,0)">${score.labels()}</g>
    <g transform="translate(${LABELS},0)">${score.marks()}</g>
    ${texts}
    <text x="8" y="${height - 10}" class="facts">${facts}</text>
  </svg>`;
}

function linesOf(text: string, characters: number): string[] {
  const pieces = characters < 60 ? Array.from(text) : text.split(/(?<= )/);
  const lines: string[] = [];
  for (const piece of pieces) {
    const line = lines.at(-1) ?? "";
    if (lines.length > 0 && line.length + piece.length <= characters)
      lines.push((lines.pop() ?? "") + piece);
    else lines.push(piece);
  }
  return lines;
}

const STYLE = html`<style>
  svg {
    --fg: #1d2330;
    --soft: #5d6675;
    --line: #d8d6cf;
    --paper: #ffffff;
    --ready: #136c2e;
    --read: #0b5cad;
    --write: #b35900;
    --sleep: #eceaf6;
    --c0: #0b5cad;
    --c1: #7a2fe0;
    --c2: #b02a5b;
    --bad: #c1121f;
  }
  @media (prefers-color-scheme: dark) {
    svg {
      --fg: #e7e9ee;
      --soft: #a3adbc;
      --line: #3a4250;
      --paper: #191e27;
      --ready: #5fd38a;
      --read: #8cc2ff;
      --write: #ffb66b;
      --sleep: #2b2d47;
      --c0: #8cc2ff;
      --c1: #c6a5ff;
      --c2: #ff9bbd;
      --bad: #ff7b7b;
    }
  }
  text {
    font:
      12px system-ui,
      "Noto Sans CJK SC",
      sans-serif;
    fill: var(--soft);
  }
  .say {
    font-size: 14px;
    fill: var(--fg);
  }
  .facts {
    font-size: 11px;
  }
  .paper {
    fill: var(--paper);
    stroke: var(--line);
  }
  .grid {
    stroke: var(--line);
  }
  .sleep {
    fill: var(--sleep);
  }
  .poll {
    stroke: var(--soft);
  }
  .glyph {
    text-anchor: middle;
    font-size: 14px;
    font-weight: 700;
    fill: var(--fg);
  }
  .times {
    text-anchor: middle;
    font-size: 10px;
    fill: var(--bad);
  }
  .stop {
    font-size: 15px;
  }
  .sub {
    fill: var(--paper);
    stroke-width: 1.5;
  }
  .r {
    stroke: var(--read);
  }
  .w {
    stroke: var(--write);
  }
  .sub.ready {
    fill: var(--ready);
    stroke: var(--ready);
  }
  .claimed {
    stroke-dasharray: 2 1.5;
    fill: var(--sleep);
  }
  .c0 {
    fill: var(--c0);
  }
  .c1 {
    fill: var(--c1);
  }
  .c2 {
    fill: var(--c2);
  }
</style>`;
