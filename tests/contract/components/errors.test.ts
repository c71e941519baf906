/** Errors and ends of streams that no real host produces on request. */
import { beforeAll, describe, expect, test } from "vitest";
import { Errno } from "../../../host/runtime/abi.js";
import { type Calls, compileGuest, instantiate } from "./support/made_up_host.js";

/** The cases of `stream-error`. */
const FAILED = 0;
const CLOSED = 1;
const ERROR = 77;
/** A case of `error-code` of `wasi:sockets/types`. */
const OTHER = 14;
/** A stream's answers. */
const BLOCKED = -1;
const DROPPED = 1;
const bytesOf = (count: number) => count << 4;
const SOCKET = "[method]tcp-socket";

describe("of stdout", () => {
  let module: WebAssembly.Module;
  beforeAll(() => {
    module = compileGuest("tests/contract/components/guest/streams.ts");
  });

  /**
   * Returns the guest's result with a host whose stdout fails, and the error handles that it drops.
   *
   * @param first the first call that fails; earlier calls succeed
   */
  function failing(how: number, first: "check-write" | "write" | "flush") {
    const dropped: number[] = [];
    const answer = (failed: boolean, result: number, at: number): void => {
      const view = memory();
      view.setUint8(result, failed ? 1 : 0);
      if (!failed) view.setBigUint64(result + 8, 1024n, true);
      else {
        view.setUint8(result + at, how);
        view.setUint32(result + at + 4, ERROR, true);
      }
    };
    const { guest, memory } = instantiate(module, {
      "[method]output-stream.check-write": (_stream, result = 0) =>
        answer(first === "check-write", result, 8),
      "[method]output-stream.write": (_stream, _at, _bytes, result = 0) =>
        answer(first === "write", result, 4),
      "[method]output-stream.flush": (_stream, result = 0) => answer(first === "flush", result, 4),
      "[method]output-stream.blocking-write-and-flush": (_stream, _at, _bytes, result = 0) =>
        answer(true, result, 4),
      "[resource-drop]error": (error = 0) => dropped.push(error),
    });
    return { guest, dropped };
  }

  test.each(["check-write", "write", "flush"] as const)("one of %s is given back", (first) => {
    const { guest, dropped } = failing(FAILED, first);
    expect(guest["writeSome"]?.()).toBe(-Errno.CONNRESET);
    expect(guest["writeAll"]?.()).toBe(-Errno.CONNRESET);
    expect(dropped).toEqual([ERROR, ERROR]);
  });

  test("a stream that is closed has none", () => {
    const { guest, dropped } = failing(CLOSED, "check-write");
    expect(guest["writeSome"]?.()).toBe(-Errno.PIPE);
    expect(guest["writeAll"]?.()).toBe(-Errno.PIPE);
    expect(dropped).toEqual([]);
  });
});

describe("of sockets and streams", () => {
  let module: WebAssembly.Module;
  beforeAll(() => {
    module = compileGuest("tests/contract/components/guest/made_up.ts");
  });

  /** @param calls may look at the memory of the guest */
  function start(calls: (memory: () => DataView) => Calls) {
    const host = instantiate(
      module,
      calls(() => host.memory()),
    );
    return host.guest;
  }

  test("a read that brings bytes together with the end is the last one, and the next finds 0", () => {
    const answers = [bytesOf(5) | DROPPED];
    const guest = start(() => ({
      [`[async-lower][stream-read-0]${SOCKET}.receive`]: () => {
        if (answers.length === 0) throw new Error("a read after the end would trap");
        return answers.shift();
      },
    }));
    expect(guest["completeTwoReads"]?.()).toBe(500);
  });

  test("an accept whose listener is closed meanwhile is told so, and reads no more", () => {
    let reads = 0;
    const guest = start(() => ({
      [`[async-lower][stream-read-0]${SOCKET}.listen`]: () => {
        reads++;
        return BLOCKED;
      },
    }));
    expect(guest["closeUnderAccept"]?.()).toBe(-Errno.BADF);
    expect(reads).toBe(1);
  });

  test("an unknown error of a listener is no lack of descriptors", () => {
    const guest = start((memory) => ({
      [`${SOCKET}.listen`]: (_socket, result = 0) => {
        memory().setUint8(result, 1);
        memory().setUint8(result + 4, OTHER);
      },
    }));
    expect(guest["openListener"]?.()).toBe(-Errno.IO);
  });

  test("an unknown error of a new connection is a lack of descriptors", () => {
    const guest = start((memory) => ({
      [`[async-lower][stream-read-0]${SOCKET}.listen`]: () => bytesOf(1),
      [`${SOCKET}.get-remote-address`]: (_socket, result = 0) => {
        memory().setUint8(result, 1);
        memory().setUint8(result + 4, OTHER);
      },
    }));
    expect(guest["acceptOne"]?.()).toBe(-Errno.MFILE);
  });

  test("stdout that is closed gives its stream back", () => {
    const dropped: number[] = [];
    const guest = start((memory) => ({
      "get-stdout": () => 9,
      "[method]output-stream.check-write": (_stream, result = 0) => {
        memory().setBigUint64(result + 8, 1024n, true);
      },
      "[resource-drop]output-stream": (stream = 0) => dropped.push(stream),
    }));
    expect(guest["closeOutput"]?.()).toBe(-Errno.BADF);
    expect(dropped).toEqual([9]);
  });
});
