/**
 * Provides wasmtime from its official release archive.
 *
 * The sha256 an archive must have is the `digest` of that asset in GitHub's release API; without
 * one, or with another, nothing is unpacked. That guards against a damaged or exchanged download,
 * not against whoever could publish a release: we trust GitHub's API over TLS for that, as the
 * archive's own hash is not written down here.
 *
 * Every wait has a bound, so that a machine without the network knows within seconds.
 */
import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf, UserError } from "../errors.js";
import type { Progress } from "../progress.js";
import { execute } from "./execute.js";
import { DEFAULT_LINE, type Line } from "./pinned.js";

/** Where releases are described; POLLCAST_RELEASES replaces it (a mirror, a test). */
export const RELEASES = "https://api.github.com/repos/bytecodealliance/wasmtime/releases";
/** For a connection and the first bytes of an answer. */
export const ANSWER_WAIT_MS = 8_000;
/** Between two pieces of an archive. */
export const STALL_WAIT_MS = 15_000;

export interface ReleaseOptions {
  line: Line;
  /** An empty directory that becomes the installation: bin/wasmtime in it. */
  into: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  progress: Progress;
  answerWaitMs?: number;
  stallWaitMs?: number;
}

interface Asset {
  url: string;
  sha256: string;
}

export async function installRelease(options: ReleaseOptions): Promise<void> {
  const { into, line } = options;
  const name = archiveName(line);
  const asset = await describeAsset(`${name}.tar.xz`, options);
  const archive = path.join(into, `${name}.tar.xz`);
  const sha256 = await download(asset.url, archive, options);
  if (sha256 !== asset.sha256) {
    throw failed(`${asset.url} has sha256 ${sha256} instead of ${asset.sha256}`);
  }
  const unpacked = await execute("tar", ["-xJf", archive, "-C", into]);
  if (unpacked.code !== 0) {
    const why = unpacked.failure ?? unpacked.stderr.trim().split("\n")[0] ?? "";
    throw failed(`the release archive cannot be unpacked (${why}); tar and xz are needed`);
  }
  await mkdir(path.join(into, "bin"));
  await rename(path.join(into, name, "wasmtime"), path.join(into, "bin", "wasmtime"));
  await rm(path.join(into, name), { recursive: true });
  await rm(archive);
}

/** The name of this machine's archive, as upstream names it. */
export function archiveName(
  { version }: Line = DEFAULT_LINE,
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  const system = { linux: "linux", darwin: "macos" }[platform];
  const processor = { x64: "x86_64", arm64: "aarch64" }[architecture];
  if (system === undefined || processor === undefined) {
    throw failed(`there is no release archive for ${platform} on ${architecture}`);
  }
  return `wasmtime-v${version}-${processor}-${system}`;
}

async function describeAsset(name: string, options: ReleaseOptions): Promise<Asset> {
  const base = options.env?.["POLLCAST_RELEASES"] ?? RELEASES;
  const url = `${base}/tags/v${options.line.version}`;
  const response = await request(url, options);
  const release = await response.json().catch(() => undefined);
  const asset = findAsset(release, name);
  if (asset === undefined) throw failed(`${url} does not list ${name}`);
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(String(asset["digest"]))?.[1];
  if (sha256 === undefined) throw failed(`${url} gives no sha256 for ${name}`);
  return { url: String(asset["browser_download_url"]), sha256 };
}

function findAsset(release: unknown, name: string): Record<string, unknown> | undefined {
  if (typeof release !== "object" || release === null || !("assets" in release)) return undefined;
  if (!Array.isArray(release.assets)) return undefined;
  return (release.assets as Record<string, unknown>[]).find((asset) => asset["name"] === name);
}

/** @returns the sha256 of what was written */
async function download(url: string, to: string, options: ReleaseOptions): Promise<string> {
  const response = await request(url, options);
  const total = Number(response.headers.get("content-length") ?? 0);
  const hash = createHash("sha256");
  const { progress, line } = options;
  const file = await open(to, "w");
  let received = 0;
  try {
    const reader = (response.body ?? failedBody(url)).getReader();
    for (;;) {
      const piece = await within(reader.read(), options.stallWaitMs ?? STALL_WAIT_MS);
      if (piece.done) break;
      const bytes = piece.value as Uint8Array;
      hash.update(bytes);
      await file.write(bytes);
      received += bytes.length;
      const of = total > 0 ? ` of ${megabytes(total)}` : "";
      progress.update(`downloading wasmtime ${line.version}: ${megabytes(received)}${of} MB`);
    }
  } catch (error) {
    throw failed(`${url}: the download broke off (${messageOf(error)})`);
  } finally {
    progress.done();
    await file.close();
  }
  return hash.digest("hex");
}

async function request(url: string, options: ReleaseOptions): Promise<Response> {
  const { signal, answerWaitMs = ANSWER_WAIT_MS } = options;
  // It bounds the wait for an answer only; a body that takes longer is not cut off by it.
  const answer = new AbortController();
  const timer = setTimeout(() => {
    answer.abort(new Error(`no answer within ${answerWaitMs / 1000} s`));
  }, answerWaitMs);
  const cut = signal === undefined ? answer.signal : AbortSignal.any([answer.signal, signal]);
  try {
    const response = await fetch(url, {
      signal: cut,
      headers: { "user-agent": "pollcast", accept: "application/json, */*" },
    });
    if (!response.ok) throw failed(`${url} answers ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw failed(`${url} cannot be reached (${messageOf(error)})`);
  } finally {
    clearTimeout(timer);
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failedBody(url: string): never {
  throw failed(`${url} answers without a body`);
}

function failed(message: string): UserError {
  return new UserError("E_RELEASE", message);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
