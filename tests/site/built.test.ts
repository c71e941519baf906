/**
 * The built site as files: its contents work without a script, under any path, and come from no
 * other host.
 */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/lib/root.mjs";
import { BASE, CHAPTERS, DIST, htmlFiles, htmlOf } from "./support/pages.js";

const pages = CHAPTERS.map((name) => (name === "" ? "index" : name)).flatMap((name) =>
  ["", "zh/"].map((folder) => `${folder}${name}`),
);

/** Returns the addresses that a browser loads for a page by itself. */
function loadedBy(html: string): string[] {
  const tags = html.match(/<(?:script|img|link|source|iframe|object)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => /\b(?:src|href)="([^"]*)"/.exec(tag)?.[1] ?? []);
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&([a-z]+|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** A piece of Markdown as it is read. */
function plain(markdown: string): string {
  return markdown.replaceAll(/<[^>]*>|[`*]/g, "");
}

/** Returns true if a host would serve a file at an address within the site. */
function isThere(address: string): boolean {
  const name = decodeURIComponent(address.slice(BASE.length).replace(/[#?].*$/, ""));
  const file = path.join(DIST, name);
  return [file, `${file}.html`, path.join(file, "index.html")].some((one) =>
    fs.statSync(one, { throwIfNoEntry: false })?.isFile(),
  );
}

describe.each(pages)("%s, without a script", (name) => {
  const html = htmlOf(`${name}.html`);
  const source = fs.readFileSync(inRoot(`site/pages/${name}.md`), "utf8");

  test("has its prose and its code", () => {
    const text = textOf(html);
    const pieces = [/^#+ (.+)$/gm, /<li>(.*?)<\/li>/g, /<\/summary>(.*?)<\/details>/g].flatMap(
      (pattern) => [...source.matchAll(pattern)].map(([, piece = ""]) => plain(piece)),
    );
    expect(pieces.filter((piece) => !text.includes(piece))).toEqual([]);
    const blocks = [...source.matchAll(/^```/gm)].length / 2;
    expect(html.match(/<pre class="shiki/g) ?? []).toHaveLength(blocks);
  });

  test("has a picture or a table in each figure, and a sentence to the picture", () => {
    const figures = html.match(/<poll-(?:stage|race|spin|scale)\b[^]*?<\/poll-/g) ?? [];
    expect(figures).toHaveLength((source.match(/<poll-(?:stage|race|spin|scale)\b/g) ?? []).length);
    for (const figure of figures) {
      const [, picture] = /<img\b[^>]*\bsrc="([^"]*)"/.exec(figure) ?? [];
      if (picture === undefined) expect(figure).toContain("<table");
      else {
        expect(figure).toMatch(/<img\b[^>]*\balt="[^"]{12,}"/);
        expect(isThere(picture), picture).toBe(true);
      }
    }
  });
});

test("a page loads nothing from another host, and all from under the site's path", () => {
  const astray = htmlFiles().flatMap((file) =>
    loadedBy(htmlOf(file))
      .filter((address) => !address.startsWith(BASE) || !isThere(address))
      .map((address) => `${file}: ${address}`),
  );
  expect(astray).toEqual([]);
});

test("a link within the site leads to a page that is there", () => {
  const lost = htmlFiles().flatMap((file) =>
    [...htmlOf(file).matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)]
      .map(([, address = ""]) => new URL(address, `http://site${BASE}${file}`))
      .filter(({ host }) => host === "site")
      // Not shown: the reference has no Chinese.
      .filter(({ pathname }) => !pathname.startsWith(`${BASE}zh/reference/`))
      .filter(({ pathname }) => !pathname.startsWith(BASE) || !isThere(pathname))
      .map(({ pathname }) => `${file}: ${pathname}`),
  );
  expect([...new Set(lost)]).toEqual([]);
});
