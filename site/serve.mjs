/** A static web server for the built site. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { Failed } from "../scripts/lib/run.mjs";

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
 * Serves a directory until the server is closed.
 * @param {string} directory
 * @param {{ base: string, port: number }} where port 0: the OS picks one
 * @returns {Promise<http.Server>} a server that listens
 * @throws {Failed} if it cannot listen on the port
 */
export async function serve(directory, { base, port }) {
  const server = http.createServer((request, response) => {
    const found = fileFor(directory, base, request.url ?? "/");
    const file = found ?? path.join(directory, "404.html");
    const type = TYPES[path.extname(file)] ?? "application/octet-stream";
    const stream = fs.createReadStream(file);
    stream.once("open", () => response.writeHead(found ? 200 : 404, { "content-type": type }));
    stream.once("error", () => response.destroy());
    stream.pipe(response);
  });
  server.listen(port, "127.0.0.1");
  await new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      reject(new Failed(`cannot listen on 127.0.0.1:${port}: ${whyNot(error)}`));
    });
  });
  return server;
}

/** @param {NodeJS.ErrnoException} error */
function whyNot({ code, message }) {
  if (code === "EADDRINUSE")
    return "the port is taken; choose another with --port, or leave --port out for any free one";
  return code === "EACCES" ? "the system does not allow it; choose a port above 1023" : message;
}

/**
 * Returns the URL of the site.
 * @param {http.Server} server
 * @param {string} base
 */
export function addressOf(server, base) {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}${base}`;
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
