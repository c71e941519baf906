/** `npm run lab -- profile` parses the output of perf and strace. */
import { expect, test } from "vitest";
import { callsIn, ownerOf, samplesIn } from "../../../lab/bench/profile.mjs";

const REPORT = `
 1.15%|profile.cwasm |[.] wasm[0]::function[12]::assembly/chat/rooms/room/Room#say
23.04%|[kernel.kallsyms]|[k] _copy_from_iter
 0.58%|wasmtime|[.] wasi_common::poll_oneoff::{{closure}}
 0.40%|libc.so.6|[.] __memmove_avx
`;

test("perf's report is read line by line, and each sample has an owner", () => {
  const samples = samplesIn(REPORT);
  expect(samples.map(({ share, name }) => [share, name])).toEqual([
    [1.15, "assembly/chat/rooms/room/Room#say"],
    [23.04, "_copy_from_iter"],
    [0.58, "wasi_common::poll_oneoff::{{closure}}"],
    [0.4, "__memmove_avx"],
  ]);
  expect(samples.map(ownerOf)).toEqual(["module", "kernel", "wasmtime", "libraries"]);
});

test("strace's counts are read, with and without failures, and its total is left out", () => {
  const counts = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 61.90    0.012345          12      1000           writev
 10.00    0.002000           2       500       120 readv
------ ----------- ----------- --------- --------- ----------------
100.00    0.014345           9      1500       120 total
`;
  expect(callsIn(counts)).toEqual([
    { calls: 1000, errors: 0, name: "writev" },
    { calls: 500, errors: 120, name: "readv" },
  ]);
});
