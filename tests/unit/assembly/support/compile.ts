/** Compiles a spec, unless the same files were compiled before. */
import fs from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import asc from "assemblyscript/asc";
import { staleness, writeStamp, writeWhole } from "../../../../host/bootstrap/stamp.mjs";
import { root } from "../../../../scripts/lib/root.mjs";

/** Not the programs': abort comes from JavaScript here, and a host call can start a collection. */
const CONFIG = "tests/unit/assembly/asconfig.json";

export interface CompiledSpec {
  module: WebAssembly.Module;
  /** From offsets in the module to places in the source. */
  map: SourceMap;
}

/** @param file relative to the repository */
export async function compileSpec(file: string): Promise<CompiledSpec> {
  const name = path.basename(file, ".ts");
  const output = `build/specs/${name}.wasm`;
  const stamp = path.join(root, `build/specs/${name}.json`);
  const key = `asc ${asc.version}`;
  if (staleness(root, stamp, key) !== undefined) {
    const inputs = new Set<string>();
    const complaints: string[] = [];
    const { error } = await asc.main(
      [file, "--outFile", output, "--config", CONFIG, "--sourceMap"],
      {
        stdout: { write: (text) => complaints.push(String(text)) },
        stderr: { write: (text) => complaints.push(String(text)) },
        readFile: (wanted, base) => {
          const found = path.resolve(root, base, wanted);
          inputs.add(path.relative(root, found));
          return fs.existsSync(found) ? fs.readFileSync(found, "utf8") : null;
        },
        writeFile: (wanted, content) => {
          writeWhole(path.resolve(root, wanted), content);
        },
        listFiles: () => [],
      },
    );
    if (error !== null) throw new Error(`${file} does not compile:\n${complaints.join("")}`);
    writeStamp(root, stamp, { outputs: [output, `${output}.map`], inputs, key });
  }
  const map = JSON.parse(
    fs.readFileSync(path.join(root, `${output}.map`), "utf8"),
  ) as SourceMapPayload;
  const module = new WebAssembly.Module(new Uint8Array(fs.readFileSync(path.join(root, output))));
  return { module, map: new SourceMap(map) };
}
