/**
 * Downloads wasmtime from its official release archive, or from a mirror. It unpacks the archive
 * only if it has the sha256 in pinned.ts.
 *
 * Each wait has a timeout, so a machine without a network gets an error within seconds.
 */
import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf, UserError } from "../base/errors.js";
import { execute } from "./execute.js";
import type { Source } from "./provide.js";

/** The base URL of the archives. POLLCAST_RELEASES names a mirror. */
export const RELEASES = "https://github.com/bytecodealliance/wasmtime/releases/download";
/** The timeout for the connection and the first bytes of an answer, in milliseconds. */
export const ANSWER_WAIT_MS = 5_000;
/** The timeout between two pieces of an archive, in milliseconds. */
export const STALL_WAIT_MS = 5_000;
/**
 * The largest archive that is accepted, in bytes. Real ones are much smaller; the limit keeps an
 * endless answer from filling the disk.
 */
export const ARCHIVE_BYTES_MOST = 64 * 1024 * 1024;

/** Downloads and unpacks the archive for this machine. @throws UserError */
export async function installRelease(source: Source): Promise<void> {
  const { into, download, env } = source;
  const target = releaseTarget();
  const wanted = target === undefined ? undefined : download.sha256[target];
  if (target === undefined || wanted === undefined) {
    const machine = `${process.platform} on ${process.arch}`;
    throw failed(`no archive of ${download.version} is pinned for ${machine}`);
  }
  const name = `wasmtime-v${download.version}-${target}`;
  const base = env["POLLCAST_RELEASES"] || RELEASES;
  const url = `${base}/v${download.version}/${name}.tar.xz`;
  const archive = path.join(into, `${name}.tar.xz`);
  const sha256 = await fetchInto(url, archive, source);
  if (sha256 !== wanted) throw failed(`${url} has sha256 ${sha256} instead of ${wanted}`);
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

/**
 * Returns the upstream's name for this machine's platform, or undefined if there are no archives
 * for it.
 */
export function releaseTarget(): string | undefined {
  const system = { linux: "linux", darwin: "macos" }[process.platform as string];
  const processor = { x64: "x86_64", arm64: "aarch64" }[process.arch as string];
  return system && processor ? `${processor}-${system}` : undefined;
}

/**
 * Downloads a file.
 *
 * @returns its sha256
 * @throws UserError
 */
async function fetchInto(url: string, to: string, source: Source): Promise<string> {
  const response = await request(url, source);
  const total = Number(response.headers.get("content-length") ?? 0);
  const hash = createHash("sha256");
  const { progress, download } = source;
  const file = await open(to, "w");
  const reader = response.body?.getReader();
  let received = 0;
  try {
    if (reader === undefined) throw new Error("an answer without a body");
    for (;;) {
      const piece = await within(reader.read(), source.stallWaitMs ?? STALL_WAIT_MS);
      if (piece.done) break;
      const bytes = piece.value as Uint8Array;
      hash.update(bytes);
      await file.write(bytes);
      received += bytes.length;
      if (received > ARCHIVE_BYTES_MOST) {
        throw new Error(`it has more than ${megabytes(ARCHIVE_BYTES_MOST)} MB`);
      }
      const of = total > 0 ? ` of ${megabytes(total)}` : "";
      progress.update(`downloading wasmtime ${download.version}: ${megabytes(received)}${of} MB`);
    }
  } catch (error) {
    // Stops the server's sending. It does no harm if that fails.
    await reader?.cancel().catch(() => undefined);
    throw failed(`${url}: the download broke off (${messageOf(error)})`);
  } finally {
    progress.done();
    await file.close();
  }
  return hash.digest("hex");
}

async function request(url: string, source: Source): Promise<Response> {
  const { signal, answerWaitMs = ANSWER_WAIT_MS } = source;
  // The timeout is for the answer's header only. A body may take longer.
  const answer = new AbortController();
  const timer = setTimeout(() => {
    answer.abort(new Error(`no answer within ${answerWaitMs / 1000} s`));
  }, answerWaitMs);
  const cut = signal === undefined ? answer.signal : AbortSignal.any([answer.signal, signal]);
  try {
    const response = await fetch(url, { signal: cut, headers: { "user-agent": "pollcast" } });
    if (!response.ok) throw failed(`${url} answers ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw failed(`${url} cannot be reached (${messageOf(error)})`);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for `work`. @throws Error after `ms` milliseconds */
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

function failed(message: string): UserError {
  return new UserError("E_RELEASE", message);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
