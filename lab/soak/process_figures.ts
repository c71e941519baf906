/** Resources of a process, from /proc (Linux only). */
import fs from "node:fs";
import { cpuSeconds } from "../measure/processor.js";

const BYTES_PER_KIB = 1024;

export interface ProcessFigures {
  rssBytes: number;
  threads: number;
  descriptors: number;
  cpuSeconds: number;
}

export function figuresOf(pid: number): ProcessFigures {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    rssBytes: field("VmRSS") * BYTES_PER_KIB,
    threads: field("Threads"),
    descriptors: descriptorsOf(pid),
    cpuSeconds: cpuSeconds(pid),
  };
}

export function descriptorsOf(pid: number): number {
  return fs.readdirSync(`/proc/${pid}/fd`).length;
}

export function childrenOf(pid: number): number[] {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
