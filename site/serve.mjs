/** A static server for the built site, as plain as any host's. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { say } from "../scripts/lib/run.mjs";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/**
 * Serves until it is closed.
 * @param {string} directory
 * @param {{ base: string, port: number }} where
 * @returns {Promise<http.Server>}
 */
export async function serve(directory, { base, port }) {
  const server = http.createServer((request, response) => {
    const file = fileFor(directory, base, request.url ?? "/");
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const type = TYPES[path.extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type });
    fs.createReadStream(file).pipe(response);
  });
  server.listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port: found } = /** @type {import("node:net").AddressInfo} */ (server.address());
  say(`the site is at http://127.0.0.1:${found}${base}`);
  return server;
}

/**
 * @param {string} directory
 * @param {string} base
 * @param {string} url
 */
function fileFor(directory, base, url) {
  let name;
  try {
    name = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!name.startsWith(base)) return undefined;
  const file = path.join(directory, name.slice(base.length));
  if (file !== directory && !file.startsWith(directory + path.sep)) return undefined;
  const tries = [file, `${file}.html`, path.join(file, "index.html")];
  return tries.find((one) => fs.statSync(one, { throwIfNoEntry: false })?.isFile());
}
