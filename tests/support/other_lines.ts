/**
 * Release lines of wasmtime that few tests use: the one that runs modules and components, and a new
 * one.
 */
import type { ReleaseLine } from "../../host/launcher/wasmtime/pinned.js";

export const OTHER_LINES = {
  46: {
    version: "46.0.1",
    prefix: "46.0.",
    runs: ["p1", "p3"],
    wheel: {
      version: "46.0.1",
      sha256: {
        manylinux_2_17_x86_64: "87792e7f2222da403363f6dfc02f67e86c62a6ba3759dc22026a957b3ec95fae",
        manylinux_2_17_aarch64: "538f255a35d26ad1cbd694b1147ab301e945d70cb1bf92561ebd90aed4f0402e",
        musllinux_1_1_x86_64: "bd6dd8036ef93985d4baead7721019038164cbf5b2c891481e0a1e0251efb142",
        musllinux_1_1_aarch64: "b09e39eca9b25580def3baa5efeea297f5a09b46c99eada79546ec4356d535df",
        macosx_10_9_x86_64: "a23df07db961faf894441609a3c24ba2840764d5d06edbf372f6b21d4f378d95",
        macosx_11_0_arm64: "a27e65a511272b72694cd5004c7a1ba41d6e29948101268672ead496aa2b18ab",
      },
    },
  },
  49: {
    version: "49.0.4",
    prefix: "49.0.",
    runs: ["p3"],
    wheel: {
      version: "49.0.4",
      sha256: {
        manylinux_2_17_x86_64: "aec172b14f21b0388e73751b1aac05fb21302b05674b2c288905c80c4b72e70a",
        manylinux_2_17_aarch64: "e9511e0d515d579c6c3b87b3694bde41dcf38b79e90862fad4efbf109a8f0660",
        musllinux_1_1_x86_64: "ce4b07e90750021cb8fc2439b27d9d11a35abbe1ef35444a52578b2e201db8e7",
        musllinux_1_1_aarch64: "7d8ab5ad9b5d270c853ebd5ec565f9dd9e78efcca9548d42ed875d9376b3e982",
        macosx_10_9_x86_64: "a524f3033b187a914da47ae2fb43e6259139f08d980c5b2134ce8879c2798df3",
        macosx_11_0_arm64: "30b89db72cac25aefbfccd1917ce48f6910f3a4d872e7ec78efb1d39344b2df7",
      },
    },
  },
} as const satisfies Record<number, ReleaseLine>;
