/**
 * A directory for specs, on the virtual kernel's disk in memory. The spec's descriptors of
 * directories are views of it. Its files have numbers from FIRST_FILE on.
 */
import { Preview1 } from "../../../../host/runtime/preview1.js";
import { Disk } from "../../../../lab/world/disk.js";
import type { Fault } from "../../../../lab/world/faults.js";
import { VirtualKernel } from "../../../../lab/world/kernel.js";
import { Random } from "../../../../lab/world/random.js";
import { World } from "../../../../lab/world/world.js";
import type { Imports } from "./fake_wasi.js";

const FIRST_FILE = 1000;
/** In the kernel's numbers. */
const DIRECTORY = 3;

export class FakeFiles {
  disk = new Disk();
  readonly #faults: { call: string; fault: Fault }[] = [];
  readonly #random = new Random(1);
  #preview1: Preview1 | undefined;

  constructor(private readonly memory: () => WebAssembly.Memory) {}

  /** The next such call fails, or moves so few bytes; `fd_sync` is any sync. */
  fail(call: string, fault: Fault): void {
    this.#faults.push({ call, fault });
  }

  /** All that was not synced is lost, or a part of it; open files are closed. */
  losePower(): void {
    this.disk = this.disk.afterPowerLoss(this.#random);
    this.#preview1 = undefined;
  }

  owns(fd: number): boolean {
    return fd >= FIRST_FILE;
  }

  /** Calls an import; `fd` is what the spec calls it. */
  call(name: string, fd: number, ...rest: unknown[]): number {
    const number = this.owns(fd) ? fd - FIRST_FILE : DIRECTORY;
    const preview1 = (this.#preview1 ??= this.#start());
    const found = preview1.imports[name] as unknown as (...all: unknown[]) => number;
    const errno = found(number, ...rest);
    if (name !== "path_open" || errno !== 0) return errno;
    const view = new DataView(this.memory().buffer);
    const at = rest.at(-1) as number;
    view.setUint32(at, view.getUint32(at, true) + FIRST_FILE, true);
    return 0;
  }

  /** Returns the imports that concern files alone. */
  imports(isDirectory: (fd: number) => boolean): Imports {
    const onDirectory =
      (name: string, otherwise: number) =>
      (fd: number, ...rest: unknown[]) =>
        isDirectory(fd) ? this.call(name, fd, ...rest) : otherwise;
    const onFile =
      (name: string) =>
      (fd: number, ...rest: unknown[]) =>
        this.owns(fd) ? this.call(name, fd, ...rest) : BADF;
    return {
      fd_prestat_get: onDirectory("fd_prestat_get", BADF),
      fd_prestat_dir_name: onDirectory("fd_prestat_dir_name", NOTDIR),
      path_open: onDirectory("path_open", NOTDIR),
      path_unlink_file: onDirectory("path_unlink_file", NOTDIR),
      fd_readdir: onDirectory("fd_readdir", BADF),
      fd_filestat_get: onFile("fd_filestat_get"),
      fd_filestat_set_size: onFile("fd_filestat_set_size"),
      fd_datasync: onFile("fd_datasync"),
    };
  }

  #start(): Preview1 {
    const world = new World({ seed: 1 });
    const kernel = new VirtualKernel(world, {
      dialect: "wasmtime-36",
      stdin: world.input("null"),
      stdout: world.output(),
      stderr: world.output(),
      directories: { data: this.disk },
      faults: { onCall: (call) => this.#strike(call) },
    });
    const preview1 = new Preview1(kernel);
    preview1.attach(this.memory());
    return preview1;
  }

  #strike(call: string): Fault | undefined {
    const index = this.#faults.findIndex((one) => one.call === call);
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
  }
}

const BADF = 8;
const NOTDIR = 54;
