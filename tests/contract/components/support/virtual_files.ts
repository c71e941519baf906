/** Runs a guest that uses only files on the virtual host. */
import fs from "node:fs";
import path from "node:path";
import { Errno } from "../../../../host/runtime/abi.js";
import type { Volume, VolumeFile } from "../../../../host/runtime/table/directory.js";
import { Disk } from "../../../../lab/world/disk.js";
import { ComponentKernel } from "../../../../lab/world/preview3/kernel.js";
import { runComponent } from "../../../../lab/world/preview3/run.js";
import { World } from "../../../../lab/world/world.js";

/**
 * @param core the core module of the component
 * @param directory a real directory: the guest finds its files in `data`, and its changes are
 *   written back
 * @returns the guest's output
 */
export function runOnDisk(
  core: WebAssembly.Module,
  directory: string,
  commands: readonly string[],
): string {
  const data = new Disk();
  for (const name of fs.readdirSync(directory))
    data.put(name, fs.readFileSync(path.join(directory, name)));
  const volumes = new Map([
    ["others", new Disk()],
    ["data", data],
  ]);
  const text = runOn(core, volumes, commands);
  for (const [name, content] of data.files) fs.writeFileSync(path.join(directory, name), content);
  return text;
}

/** @param volumes the guest's directories, by name @returns the guest's output */
export function runOn(
  core: WebAssembly.Module,
  volumes: ReadonlyMap<string, Volume>,
  commands: readonly string[],
): string {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("null"), world.output(), world.output()];
  const directories = Object.fromEntries(volumes);
  const options = { dialect: "exact" as const, stdin, stdout, stderr, directories };
  const kernel = new ComponentKernel(world, options);
  const outcome = runComponent(core, kernel, { args: ["files", ...commands], places: [] });
  if (outcome.kind !== "exit") throw new Error(JSON.stringify(outcome));
  return stdout.text;
}

/** A disk that opens files and fails when it is asked for the size of one. */
export class SizelessVolume extends Disk {
  override open(...how: Parameters<Disk["open"]>): VolumeFile | number {
    const file = super.open(...how);
    return typeof file === "number" ? file : Object.assign(file, { size: () => -Errno.IO });
  }
}
