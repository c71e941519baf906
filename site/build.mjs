/** `npm run site`: builds the site to site/dist, for any static host, and serves it. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { modulePath, PROGRAMS } from "../host/bootstrap/programs.mjs";
import { build } from "../scripts/lib/build.mjs";
import { inRoot } from "../scripts/lib/root.mjs";
import { Failed, mustRun, say, script } from "../scripts/lib/run.mjs";
import { setUp } from "../scripts/lib/setup.mjs";
import { buildMaps, MAPS, SHOWN, sourceOf } from "./maps.mjs";
import { copyReference } from "./reference.mjs";
import { addressOf, serve } from "./serve.mjs";
import { tryOut } from "./try.mjs";

const FIGURES = inRoot("site/pages/public/figures");
const DIST = inRoot("site/dist");
const DRAWING = inRoot("build/site/draw.mjs");

const HELP = `npm run site -- [OPTION...]: builds the site to site/dist, and serves it on 127.0.0.1

  --base /pollcast/   the path under which it will lie; / if left out, /pollcast/ with --test
  --port 8080         where it is served; any free port if left out
  --no-serve          builds alone
  --test              builds, and tries out what was built, in a browser where there is one
  --quick             with --test: leaves out the check of each page for accessibility
`;
const EXIT_USAGE = 64;
const PORT_MOST = 65_535;

await script(async () => {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const { base, port } = options;
  if (options.test || options["no-serve"]) {
    await buildSite(base);
    if (options.test) await tryOut(base, options.quick);
    return;
  }
  // This fails at once if the port is taken, not after a minute of building.
  const server = await serve(DIST, { base, port });
  try {
    await buildSite(base);
  } catch (error) {
    server.close();
    throw error;
  }
  say(`the site is at ${addressOf(server, base)} (Ctrl-C ends it)`);
});

/** @param {string} base */
async function buildSite(base) {
  await setUp();
  await build({ debug: false, components: false });
  await buildMaps();
  await installTools();
  await bundle();
  copyPrograms();
  copyReference();
  const { drawAll } = await import(pathToFileURL(DRAWING).href);
  drawAll(inRoot("site/pages"));
  say("building site/dist");
  process.env["SITE_BASE"] = base;
  const vitepress = "site/node_modules/vitepress/bin/vitepress.js";
  await mustRun(process.execPath, [vitepress, "build", "site/pages"]);
}

/**
 * @param {string[]} args
 * @throws {Failed} that says which option is wrong
 */
function optionsOf(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        base: { type: "string" },
        port: { type: "string", default: "0" },
        test: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        "no-serve": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new Failed(`${/** @type {Error} */ (error).message}\n${HELP}`, EXIT_USAGE);
  }
  if (values.quick && !values.test) throw new Failed("--quick: only with --test", EXIT_USAGE);
  const base = `/${values.base ?? (values.test ? "pollcast" : "")}/`.replaceAll(/\/+/g, "/");
  if (!/^[\w./~-]+$/.test(base))
    throw new Failed(`--base ${base}: a path has letters, digits and - . _ ~ /`, EXIT_USAGE);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > PORT_MOST)
    throw new Failed(`--port ${values.port}: a port is a number up to ${PORT_MOST}`, EXIT_USAGE);
  return { ...values, base, port };
}

/** Installs the site's tools. They have a lock file of their own: only the site needs them. */
async function installTools() {
  const done = fs.statSync(inRoot("site/node_modules/.package-lock.json"), {
    throwIfNoEntry: false,
  });
  if (done && done.mtimeMs >= fs.statSync(inRoot("site/package-lock.json")).mtimeMs) return;
  say("installing the site's tools (npm ci in site/)");
  const words = ["ci", "--prefix", "site", "--no-audit", "--no-fund", "--loglevel=error"];
  await mustRun("npm", words, { stdio: ["ignore", 2, 2] });
}

async function bundle() {
  // esbuild is installed only in site/.
  const { build: esbuild, stop } = await import(inRoot("site/node_modules/esbuild/lib/main.js"));
  const options = {
    ...{ bundle: true, format: "esm", target: "es2022", logLevel: "warning" },
    loader: { ".css": "text" },
  };
  await esbuild({
    ...options,
    entryPoints: [inRoot("site/src/figures.ts"), inRoot("site/src/count_worker.ts")],
    ...{ outdir: FIGURES, minify: true },
  });
  const entry = { entryPoints: [inRoot("site/draw.ts")], outfile: DRAWING };
  await esbuild({ ...options, ...entry, platform: "node" });
  // The service process of esbuild would stay as long as the site is served.
  stop();
}

/** Copies the shipped modules, each with its map and its source. */
function copyPrograms() {
  const to = path.join(FIGURES, "programs");
  fs.mkdirSync(to, { recursive: true });
  for (const program of PROGRAMS)
    fs.copyFileSync(inRoot(modulePath(program)), path.join(to, `${program.target}.wasm`));
  for (const { target, entry } of SHOWN) {
    const map = JSON.parse(fs.readFileSync(inRoot(`${MAPS}/${target}.json`), "utf8"));
    const about = JSON.stringify({ map, source: sourceOf(entry) });
    fs.writeFileSync(path.join(to, `${target}.json`), about);
  }
}
