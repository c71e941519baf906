/**
 * Finds a real HAProxy: the machine's ($HAPROXY, or a usual place), or else Debian's package with
 * its libraries, which apt downloads once; it is unpacked into the cache and not installed.
 */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { withLock } from "../../host/bootstrap/lock.mjs";
import { cacheDirectory } from "../../host/launcher/wasmtime/cache.js";

const run = promisify(execFile);

export interface Haproxy {
  path: string;
  env: NodeJS.ProcessEnv;
}

/** @returns it, or why there is none */
export async function findHaproxy(): Promise<Haproxy | string> {
  const named = process.env["HAPROXY"];
  const folders = ["/usr/sbin", "/usr/local/sbin", ...(process.env["PATH"] ?? "").split(":")];
  const candidates = named ? [named] : folders.map((folder) => path.join(folder, "haproxy"));
  const found = candidates.find((file) => fs.existsSync(file));
  if (found !== undefined) return { path: found, env: {} };
  if (named) return `there is no ${named}, which HAPROXY names`;
  const root = path.join(cacheDirectory(), "haproxy-test");
  try {
    fs.mkdirSync(cacheDirectory(), { recursive: true });
    await withLock(`${root}.lock`, async () => {
      if (!fs.existsSync(root)) await fetchPackage(root);
    });
    const haproxy = unpacked(root);
    await run(haproxy.path, ["-v"], { env: haproxy.env });
    return haproxy;
  } catch (error) {
    return `no haproxy here, and apt provides none: ${String(error).split("\n")[0] ?? ""}`;
  }
}

/** There whole, or not at all. */
async function fetchPackage(root: string): Promise<void> {
  const work = fs.mkdtempSync(`${root}.`);
  try {
    for (const folder of ["lists/partial", "cache/archives/partial", "root"])
      fs.mkdirSync(path.join(work, folder), { recursive: true });
    const own = ["Debug::NoLocking=1", "APT::Sandbox::User=root", `Dir::Cache=${work}/cache`];
    const lists = `Dir::State::lists=${work}/lists`;
    // The machine's own lists may be missing, or too old.
    await apt([...own, lists], "update");
    const what = ["install", "--download-only", "--no-install-recommends", "-y", "haproxy"];
    await apt([...own, lists], ...what);
    const archives = path.join(work, "cache", "archives");
    for (const name of fs.readdirSync(archives).filter((each) => each.endsWith(".deb")))
      await run("dpkg", ["-x", path.join(archives, name), path.join(work, "root")]);
    fs.renameSync(path.join(work, "root"), root);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function apt(settings: readonly string[], ...words: string[]): Promise<void> {
  await run("apt-get", ["-q", ...settings.flatMap((each) => ["-o", each]), ...words]);
}

function unpacked(root: string): Haproxy {
  const library = path.join(root, "usr", "lib");
  const folders = fs.readdirSync(library).map((name) => path.join(library, name));
  return {
    path: path.join(root, "usr", "sbin", "haproxy"),
    env: { LD_LIBRARY_PATH: folders.join(":") },
  };
}
