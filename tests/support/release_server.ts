/** A release server as GitHub's, with one release and every fault a network has. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { onTestFinished } from "vitest";
import { DEFAULT_LINE, type Line } from "../../host/wasmtime/pinned.js";
import { archiveName } from "../../host/wasmtime/release.js";
import { tinyWasmtime, writeProgram } from "./fake_wasmtime.js";
import { temporaryDirectory } from "./temporary.js";

export type Fault =
  | "none"
  | "no such release"
  | "no such asset"
  | "no digest"
  | "wrong digest"
  | "cut off"
  | "stalls"
  | "hangs"
  | "not an archive";

export interface ReleaseServer {
  /** For POLLCAST_RELEASES. */
  url: string;
  downloads: () => number;
}

/** What the archive holds says it is `version`. */
export async function releaseServer(
  fault: Fault = "none",
  version = DEFAULT_LINE.version,
  line: Line = DEFAULT_LINE,
): Promise<ReleaseServer> {
  const name = archiveName(line);
  const archive =
    fault === "not an archive" ? Buffer.from("no archive") : archiveWith(version, name);
  let downloads = 0;
  const server = http.createServer((request, response) => {
    if (fault === "hangs") return;
    if (request.url?.startsWith("/tags/")) {
      if (fault === "no such release") response.statusCode = 404;
      response.end(JSON.stringify(description(fault, archive, name, request.headers.host ?? "")));
      return;
    }
    downloads += 1;
    response.setHeader("content-length", archive.length);
    if (fault === "cut off" || fault === "stalls") {
      response.write(archive.subarray(0, archive.length / 2), () => {
        if (fault === "cut off") response.destroy();
      });
      return;
    }
    response.end(archive);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, downloads: () => downloads };
}

function description(fault: Fault, archive: Buffer, name: string, host: string): unknown {
  if (fault === "no such release") return { message: "Not Found" };
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const digest = `sha256:${fault === "wrong digest" ? "0".repeat(64) : sha256}`;
  const asset = {
    name: `${name}.tar.xz`,
    browser_download_url: `http://${host}/download/${name}.tar.xz`,
    ...(fault === "no digest" ? {} : { digest }),
  };
  return { assets: fault === "no such asset" ? [] : [asset] };
}

function archiveWith(version: string, name: string): Buffer {
  const directory = temporaryDirectory();
  mkdirSync(path.join(directory, name));
  writeProgram(path.join(directory, name, "wasmtime"), tinyWasmtime(version));
  const file = path.join(directory, "archive.tar.xz");
  spawnSync("tar", ["-cJf", file, "-C", directory, name]);
  return readFileSync(file);
}
