/**
 * Packs packages with npm, and installs them in empty directories as npm would, without a registry.
 */
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { root } from "../../scripts/lib/root.mjs";

const execute = promisify(execFile);

/** The output of `npm pack --json`. */
export interface Packed {
  /** The tarball. */
  file: string;
  bytes: number;
  unpackedBytes: number;
  /** Paths in the package. */
  names: string[];
}

/** A copy of the repository: what git would clone, and the dependencies. @returns its directory */
export async function cloneLike(directory: string): Promise<string> {
  const listing = await execute("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    maxBuffer: 1 << 24,
  });
  const skipped = /^(tests|lab\/bench)\//;
  for (const name of listing.stdout.split("\0").filter((one) => one !== "" && !skipped.test(one))) {
    const from = path.join(root, name);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(directory, name));
  }
  linkDependencies(directory);
  return directory;
}

/** One link for each package: whatever npm does there, the repository's own stay. */
function linkDependencies(directory: string): void {
  const modules = path.join(directory, "node_modules");
  const own = path.join(root, "node_modules");
  fs.mkdirSync(modules);
  for (const name of fs.readdirSync(own).filter((one) => !one.startsWith("."))) {
    const isScope = name.startsWith("@");
    const names = isScope
      ? fs.readdirSync(path.join(own, name)).map((one) => `${name}/${one}`)
      : [];
    for (const each of isScope ? names : [name]) link(modules, each);
  }
  // By its time, the build sees that all is installed.
  fs.writeFileSync(path.join(modules, ".package-lock.json"), "{}\n");
}

/** Packs a directory. */
export async function pack(directory: string, destination: string): Promise<Packed> {
  const args = ["pack", "--json", "--pack-destination", destination];
  const { stdout } = await execute("npm", args, { cwd: directory, maxBuffer: 1 << 24 });
  const [said] = JSON.parse(stdout) as {
    filename: string;
    size: number;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  if (said === undefined) throw new Error("npm pack has packed nothing");
  return {
    file: path.join(destination, said.filename),
    bytes: said.size,
    unpackedBytes: said.unpackedSize,
    names: said.files.map((one) => one.path).sort(),
  };
}

interface Manifest {
  name: string;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
}

/**
 * Makes a directory a project with packages in node_modules: tarballs, and the repository's own for
 * all else.
 *
 * @param others packages of the repository that the project has, too
 */
export async function install(
  directory: string,
  tarballs: readonly string[],
  others: readonly string[] = [],
): Promise<void> {
  const modules = path.join(directory, "node_modules");
  for (const tarball of tarballs) {
    const unpacked = path.join(modules, ".unpacked");
    fs.mkdirSync(unpacked, { recursive: true });
    await execute("tar", ["-xzf", tarball, "-C", unpacked]);
    const manifest = manifestOf(path.join(unpacked, "package"));
    fs.renameSync(path.join(unpacked, "package"), path.join(modules, manifest.name));
    linkCommands(modules, manifest);
    for (const name of Object.keys(manifest.dependencies ?? {})) link(modules, name);
  }
  for (const name of others) {
    link(modules, name);
    linkCommands(modules, manifestOf(path.join(modules, name)));
  }
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(directory, "package.json"), "utf8")) as Manifest;
}

function link(modules: string, name: string): void {
  const to = path.join(modules, name);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.symlinkSync(path.join(root, "node_modules", name), to);
}

/** Links a package's commands, so that npx finds them. */
function linkCommands(modules: string, { name, bin = {} }: Manifest): void {
  fs.mkdirSync(path.join(modules, ".bin"), { recursive: true });
  for (const [command, file] of Object.entries(bin)) {
    const target = path.join(modules, name, file);
    fs.chmodSync(target, 0o755);
    fs.symlinkSync(target, path.join(modules, ".bin", command));
  }
}

/** Runs a shell command to its end. @returns its output and its exit code */
export async function shell(line: string, directory: string) {
  try {
    const { stdout, stderr } = await execute("/bin/sh", ["-c", line], { cwd: directory });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

/** Runs a server for the test under way. */
export function startServer(command: string, args: readonly string[], directory: string): void {
  const child = spawn(command, args, { cwd: directory, stdio: ["pipe", "ignore", "pipe"] });
  const exited = new Promise((resolve) => child.once("close", resolve));
  child.stderr.resume();
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
  });
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The blocks of a page in one language. */
export function blocksOf(page: string, language: string): string[] {
  const text = fs.readFileSync(path.join(root, page), "utf8");
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"));
  return Array.from(blocks, ([, block = ""]) => block);
}
