/**
 * Doc comments begin with the thing that they are about, or with a verb. A sentence that begins
 * with "what", "how" or "whether" makes the reader guess its subject.
 */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";

/** Folders and files whose comments are held to this. */
const CHECKED = [
  "assembly/chat",
  "assembly/journal",
  "assembly/loop",
  "assembly/net",
  "assembly/selectors",
  "assembly/sockets",
  "assembly/text",
  "assembly/tutorial",
  "assembly/wasi",
  "bin",
  "host/bootstrap",
  "host/launcher/base",
  "host/launcher/cli.ts",
  "host/launcher/command.ts",
  "host/launcher/connect",
  "host/launcher/control",
  "host/launcher/doctor.ts",
  "host/launcher/guest",
  "host/launcher/history",
  "host/launcher/metrics",
  "host/launcher/options",
  "host/launcher/replay.ts",
  "host/launcher/serve",
  "host/launcher/wasmtime",
  "host/runtime",
  "lab/bench",
  "lab/demo",
  "lab/explore",
  "lab/fuzz",
  "lab/kills",
  "lab/measure",
  "lab/mutants",
  "lab/siege",
  "lab/sim",
  "lab/soak",
  "lab/world",
  "library",
  "scripts",
  "site/src",
];

const COMMENT = /\/\*\*([^]*?)\*\//g;
/** The first words of a description, of a parameter's, or of a return value's. */
const GUESSED =
  /^(?:@(?:param(?: \{[^\n]*\})? [^\s{]\S*|returns(?: \{[^\n]*\})?) )?(?:who|whom|whose|what|whatever|whether|which|where|how|why|when|so|of|since|somebody|nobody|everybody|those)\b/i;

function sourcesIn(place: string): string[] {
  const full = path.join(root, place);
  if (fs.statSync(full).isFile()) return [place];
  return fs
    .readdirSync(full, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|mjs)$/.test(name) && !name.includes("node_modules"))
    .map((name) => path.join(place, name));
}

/** The paragraphs and tags of each doc comment, each in a line of its own. */
function partsOf(comment: string): string[] {
  const text = comment.replace(/^[ \t]*\* ?/gm, "");
  return text.split(/\n\s*\n|(?=@(?:param|returns|throws)\b)/).map((part) => part.trim());
}

test.each(CHECKED)("comments in %s name their subject first", (place) => {
  const found = sourcesIn(place).flatMap((file) => {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    return [...text.matchAll(COMMENT)].flatMap(([comment, body = ""]) => {
      const line = text.slice(0, text.indexOf(comment)).split("\n").length;
      const bad = partsOf(body).filter((part) => GUESSED.test(part));
      return bad.map((part) => `${file}:${line} ${part.split("\n")[0] ?? ""}`);
    });
  });
  expect(found).toEqual([]);
});
