/** The library as another project uses it: installed beside its dependencies, compiled with asc. */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { temporaryDirectory } from "../support/temporary.js";

const PROGRAM = `
import { DefaultSelector, EVENT_READ } from "pollcast/assembly/selectors";

class Client {
  handle(mask: u32): void {
    assert(mask == EVENT_READ);
  }
}

const selector = DefaultSelector<Client>();
selector.register(3, EVENT_READ, new Client());
const events = selector.select();
for (let i = 0; i < events.length; i++) events[i].key.data.handle(events[i].mask);
`;

/** A project whose node_modules hold the library. @returns its directory */
function project(install: (modules: string) => void): string {
  const directory = temporaryDirectory();
  const modules = path.join(directory, "node_modules");
  fs.mkdirSync(modules);
  install(modules);
  fs.writeFileSync(path.join(directory, "main.ts"), PROGRAM);
  return directory;
}

/** @returns the names of the modules that the compiled program imports from */
async function compiled(directory: string): Promise<string[]> {
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [asc, "main.ts", "--outFile", "main.wasm", "--runtime", "incremental"];
  await promisify(execFile)(process.execPath, args, { cwd: directory });
  const module = new WebAssembly.Module(fs.readFileSync(path.join(directory, "main.wasm")));
  return [...new Set(WebAssembly.Module.imports(module).map((one) => one.module))].sort();
}

test("a project compiles against the library that npm has linked", async () => {
  const directory = project((modules) => fs.symlinkSync(root, path.join(modules, "pollcast")));
  expect(await compiled(directory)).toEqual(["env", "wasi_snapshot_preview1"]);
});

test("a project compiles against the library that npm has installed", async () => {
  const directory = project((modules) => {
    const library = path.join(modules, "pollcast");
    fs.cpSync(path.join(root, "assembly"), path.join(library, "assembly"), { recursive: true });
    fs.copyFileSync(path.join(root, "package.json"), path.join(library, "package.json"));
    // npm puts a dependency's dependencies beside it.
    const scope = "node_modules/@assemblyscript";
    fs.symlinkSync(path.join(root, scope), path.join(modules, "@assemblyscript"));
  });
  expect(await compiled(directory)).toEqual(["env", "wasi_snapshot_preview1"]);
});

test("the library says nothing and does nothing by itself", async () => {
  const directory = project((modules) => fs.symlinkSync(root, path.join(modules, "pollcast")));
  const source = 'import "pollcast/assembly/selectors";\n';
  fs.writeFileSync(path.join(directory, "main.ts"), source);
  expect(await compiled(directory)).toEqual([]);
});
