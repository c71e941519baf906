/**
 * Draws, at build time, the pictures that a page shows without JavaScript: one for each figure,
 * made from the same run. Finds the figures by their tags in the pages.
 */
import fs from "node:fs";
import path from "node:path";
import { count, type Counted } from "../lab/explore/count.js";
import {
  CROWDS,
  crowdOrder,
  crowdRow,
  SPINNERS,
  spinOrder,
  WAYS,
  type Way,
} from "../lab/explore/lessons.js";
import { pictureOf } from "../lab/explore/picture.js";
import { MODELS, raceScript } from "../lab/explore/race.js";
import { record } from "../lab/explore/record.js";
import { scriptOf } from "../lab/explore/script.js";
import { shownOf } from "../lab/explore/view.js";
import { say, type Language } from "../lab/explore/words.js";
import { html } from "../lab/explore/markup.js";
import { scaleMarkup, spinMarkup } from "./src/plot_markup.js";
import { raceMarkup } from "./src/race_markup.js";
import { placeOf } from "./src/session.js";
import chartCss from "./chart.css";

const SPIN_CLIENTS = 20;
/** A picture shows at most this many moments. The figure begins at the last of them. */
const MOMENTS_MOST = 30;

const modules = new Map<string, WebAssembly.Module>();

function moduleOf(program: string): WebAssembly.Module {
  const found =
    modules.get(program) ?? new WebAssembly.Module(fs.readFileSync(`build/${program}.wasm`));
  modules.set(program, found);
  return found;
}

/** Draws the content of each tag of a figure, and writes it to build/site/insides.json. */
export function drawAll(pages: string): void {
  const to = path.join(pages, "public/pictures");
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  const insides: Record<string, string> = {};
  for (const language of ["en", "zh"] as const)
    for (const file of pagesIn(pages, language))
      for (const [tag, name = "", rest = ""] of fs
        .readFileSync(file, "utf8")
        .matchAll(/<poll-(stage|race|spin|scale)\b([^>]*)>/g)) {
        const key = `${language} ${tag}`;
        insides[key] ??= inside(name, rest, language, to, Object.keys(insides).length);
      }
  fs.mkdirSync("build/site", { recursive: true });
  fs.writeFileSync("build/site/insides.json", JSON.stringify(insides));
}

function pagesIn(pages: string, language: Language): string[] {
  const folder = language === "zh" ? path.join(pages, "zh") : pages;
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(folder, name));
}

function inside(
  name: string,
  rest: string,
  language: Language,
  to: string,
  number: number,
): string {
  if (name === "race") {
    const order = (attribute(rest, "order") ?? "1,2,0").split(",").map(Number);
    const runs = MODELS.map((model) => record(moduleOf("io_models"), raceScript(model, order)));
    return oneLine(raceMarkup(runs, language).text);
  }
  const save = (svg: string, sentence: string, suffix = String(number)) => {
    const file = `${name}-${suffix}.svg`;
    fs.writeFileSync(path.join(to, file), svg);
    const alt = html`${sentence}`.text;
    return `<img src="/pictures/${file}" alt="${alt}" loading="lazy" class="picture">`;
  };
  if (name === "stage") {
    const recording = record(
      moduleOf(scriptOf(attribute(rest, "run") ?? "echo").program),
      scriptOf(attribute(rest, "run") ?? "echo"),
    );
    const shown = shownOf(recording);
    const end = placeOf(shown, attribute(rest, "at") ?? "end") + 1;
    const last = shown[Math.min(end, MOMENTS_MOST) - 1];
    const sentence = last === undefined ? "" : say(last, language);
    return save(pictureOf(recording, language, Math.min(end, MOMENTS_MOST)).text, sentence);
  }
  if (name === "spin") {
    const runs = SPINNERS.map((program) => ({
      program,
      counted: counted(spinOrder(program, SPIN_CLIENTS)),
    }));
    const { picture, details, sentence } = spinMarkup(runs, SPIN_CLIENTS, language);
    return save(alone(picture.text), sentence) + `<p>${sentence}</p>${oneLine(details.text)}`;
  }
  const rows = CROWDS.map((clients) => {
    const found: Partial<Record<Way, Counted>> = {};
    for (const way of WAYS) found[way] = counted(crowdOrder(way, clients));
    return crowdRow(clients, found as Record<Way, Counted>);
  });
  const { left, right, details, sentence } = scaleMarkup(rows, language);
  const pictures = [left, right].map(({ text }, at) => {
    const svg = /<svg[\s\S]*<\/svg>/.exec(text)?.[0] ?? "";
    return save(alone(svg), sentence, `${number}-${at}`);
  });
  return `${pictures.join("")}<p>${sentence}</p>${oneLine(details.text)}`;
}

const known = new Map<string, Counted>();

function counted(order: Parameters<typeof count>[1]): Counted {
  const key = JSON.stringify(order);
  const found = known.get(key) ?? count(moduleOf(order.program), order);
  known.set(key, found);
  return found;
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
}

function oneLine(markup: string): string {
  return markup.replaceAll(/\s*\n\s*/g, " ");
}

/** Returns a chart as a complete SVG file. */
function alone(svg: string): string {
  const style = `<style>${chartCss}</style>`;
  return svg.replace(/<svg /, '<svg xmlns="http://www.w3.org/2000/svg" ').replace(/>/, `>${style}`);
}
