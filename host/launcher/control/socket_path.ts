/** Where the socket of `pollcast ctl` is, if nobody says otherwise: one for each port served. */
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { errnoOf, UserError } from "../base/errors.js";

/** What the kernel has room for, in bytes: 108 on Linux, 104 on macOS, with a NUL. */
const PATH_BYTES_MOST = process.platform === "linux" ? 107 : 103;

export function defaultSocketPath(port: number): string {
  return path.join(folder(), `${prefix()}${port}.sock`);
}

/** Those that are there, of servers that live: one that was killed leaves its own behind. */
export async function liveSocketPaths(): Promise<string[]> {
  const here = socketPathsHere();
  const live = await Promise.all(here.map(isAnswered));
  return here.filter((_, at) => live[at]);
}

/** Whether a server has this socket open, as far as can be told: one that may not be asked has. */
export async function isAnswered(file: string): Promise<boolean> {
  const probe = net.connect(file);
  const isLive = await new Promise<boolean>((resolve) => {
    probe.once("connect", () => resolve(true));
    probe.once("error", (error) => resolve(!["ECONNREFUSED", "ENOENT"].includes(errnoOf(error))));
  });
  probe.destroy();
  return isLive;
}

function socketPathsHere(): string[] {
  try {
    const names = fs.readdirSync(folder()).filter((name) => name.startsWith(prefix()));
    return names.filter((name) => name.endsWith(".sock")).map((name) => path.join(folder(), name));
  } catch {
    return [];
  }
}

/** @throws UserError */
export function checkSocketPath(file: string): void {
  const bytes = Buffer.byteLength(file);
  if (bytes <= PATH_BYTES_MOST) return;
  throw new UserError(
    "E_CTL_SOCKET",
    `the path of the socket is too long for the system: ${file} has ${bytes} bytes, and may have ` +
      `${PATH_BYTES_MOST}: name a shorter one`,
  );
}

function folder(): string {
  return process.env["XDG_RUNTIME_DIR"] || os.tmpdir();
}

/** The temporary directory is everybody's: there, the user is part of the name. */
function prefix(): string {
  const user = process.env["XDG_RUNTIME_DIR"] ? "" : `${process.getuid?.() ?? "user"}-`;
  return `pollcast-${user}`;
}
