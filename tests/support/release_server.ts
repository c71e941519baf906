/** A release server with one archive, and every kind of network fault. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { type ReleaseLine, LINES } from "../../host/launcher/wasmtime/pinned.js";
import { releaseTarget } from "../../host/launcher/wasmtime/release.js";
import { tinyWasmtime, writeProgram } from "./fake_wasmtime.js";
import { temporaryDirectory } from "./temporary.js";

export type Fault =
  | "none"
  | "no such release"
  | "another archive"
  | "cut off"
  | "stalls"
  | "hangs"
  | "has no end"
  | "not an archive";

export interface ReleaseServer {
  /** For POLLCAST_RELEASES. */
  url: string;
  downloads: () => number;
  /** Downloads whose connections are still open. */
  openDownloads: () => number;
  /** Line 48, with the sha256 of the archive that this server should have. */
  line: ReleaseLine;
}

export const RELEASED = LINES[48].release.version;

export async function releaseServer(
  fault: Fault = "none",
  product = tinyWasmtime(RELEASED),
): Promise<ReleaseServer> {
  const target = releaseTarget() ?? "";
  const name = `wasmtime-v${RELEASED}-${target}`;
  const archive = fault === "not an archive" ? Buffer.from("none") : archiveWith(product, name);
  let downloads = 0;
  let openDownloads = 0;
  const server = http.createServer((request, response) => {
    if (fault === "hangs") return;
    if (fault === "no such release" || request.url !== `/v${RELEASED}/${name}.tar.xz`) {
      response.writeHead(404).end();
      return;
    }
    downloads += 1;
    openDownloads += 1;
    response.once("close", () => (openDownloads -= 1));
    if (fault === "has no end") return void Readable.from(endless()).pipe(response);
    const sent = fault === "another archive" ? archiveWith("#!/bin/sh\n", name) : archive;
    response.setHeader("content-length", sent.length);
    if (fault !== "cut off" && fault !== "stalls") return void response.end(sent);
    response.write(sent.subarray(0, sent.length / 2), () => {
      if (fault === "cut off") response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const sha256 = createHash("sha256").update(archive).digest("hex");
  return {
    url: `http://127.0.0.1:${port}`,
    downloads: () => downloads,
    openDownloads: () => openDownloads,
    line: { ...LINES[48], release: { version: RELEASED, sha256: { [target]: sha256 } } },
  };
}

function* endless(): Generator<Buffer> {
  const piece = Buffer.alloc(1 << 20);
  for (;;) yield piece;
}

function archiveWith(product: string, name: string): Buffer {
  const directory = temporaryDirectory();
  mkdirSync(path.join(directory, name));
  writeProgram(path.join(directory, name, "wasmtime"), product);
  const file = path.join(directory, "archive.tar.xz");
  spawnSync("tar", ["-cJf", file, "-C", directory, name]);
  return readFileSync(file);
}
