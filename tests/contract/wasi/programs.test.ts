/** The shipped modules in virtual worlds, in both dialects of readiness. */
import { describe, expect, test } from "vitest";
import { TUTORIAL_CHAT } from "../../../host/launcher/base/programs.js";
import { MILLISECOND_NS, SECOND_NS } from "../../../lab/world/world.js";
import { Stage } from "./support/programs.js";

const DIALECTS = ["exact", "wasmtime-36"] as const;
const STAMP = /^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2} /gm;

describe.each(DIALECTS)("in a world that is %s", (dialect) => {
  test("the chat: three talk, one is reset, the console stops it", () => {
    const stage = new Stage();
    const { world, listener } = stage;
    const [ann, ben, cat] = [1, 2, 3].map(() => world.connect(listener));
    if (!ann || !ben || !cat) throw new Error("nobody is there");
    world.after(SECOND_NS, () => ann.write("hello\n"));
    world.after(2 * SECOND_NS, () => cat.reset());
    world.after(3 * SECOND_NS, () => ben.write("half of a "));
    world.after(4 * SECOND_NS, () => ben.write("line\nquit\n"));
    world.after(5 * SECOND_NS, () => stage.stdin.write("quit\n"));
    const { outcome } = stage.run(stage.kernel({ dialect }), "chat", TUTORIAL_CHAT);
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    const said = "client-1\nhello\nclient-2\nhalf of a line\n";
    expect(ben.text.replace(STAMP, "")).toBe(`${said}* goodbye\n`);
    expect(ann.text.replace(STAMP, "")).toMatch(new RegExp(`^${said}`));
    expect(cat.text.replace(STAMP, "")).toBe("client-1\nhello\n");
    expect(ann.text).toMatch(/^2026\/01\/01 00:00:01 client-1\n/);
    expect(ann.received[0]?.at).toBeGreaterThanOrEqual(SECOND_NS);
    expect(ann.received[0]?.at).toBeLessThan(SECOND_NS + MILLISECOND_NS);
    expect(stage.stderr.text).toContain("client-3 is gone: connection broken");
  });

  test("the chat: one who does not read is closed, the others hear all of it", () => {
    const stage = new Stage();
    const { world, listener } = stage;
    const [ann, ben, deaf] = [1, 2, 3].map(() => world.connect(listener));
    if (!ann || !ben || !deaf) throw new Error("nobody is there");
    deaf.pause();
    const lines = 2_000;
    for (let line = 0; line < lines; line++) {
      world.after(SECOND_NS + line * MILLISECOND_NS, () =>
        ann.write(`${line} ${"x".repeat(999)}\n`),
      );
    }
    world.after(60 * SECOND_NS, () => stage.stdin.write("quit\n"));
    const { outcome } = stage.run(stage.kernel({ dialect }), "chat", TUTORIAL_CHAT);
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(stage.stderr.text).toMatch(/client-3 is gone: .*\(2 here\)/);
    const heard = ben.text.split("\n").filter((line) => line.endsWith("xxx"));
    expect(heard.map((line) => parseInt(line))).toEqual([...Array(lines).keys()]);
  });

  test("echo answers each, and ends with quit", () => {
    const stage = new Stage();
    const peer = stage.world.connect(stage.listener);
    peer.write("one");
    stage.world.after(SECOND_NS, () => peer.write("two"));
    stage.world.after(2 * SECOND_NS, () => stage.stdin.write("quit\n"));
    const { outcome } = stage.run(stage.kernel({ dialect }), "echo");
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(peer.text).toBe("Your msg is oneYour msg is two");
    expect(peer.ended).toBe(true);
  });

  test.each(["chat-v1", "chat-v2", "chat-v3"])("%s passes on what is said", (program) => {
    const stage = new Stage();
    const { world, listener } = stage;
    const [ann, ben] = [world.connect(listener), world.connect(listener)];
    world.after(MILLISECOND_NS, () => ben.write("I am here"));
    world.after(2 * MILLISECOND_NS, () => ann.write("hello"));
    world.after(4 * MILLISECOND_NS, () => stage.stdin.write("quit\n"));
    const { outcome } = stage.run(stage.kernel({ dialect }), program);
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(ben.text).toContain("hello");
  });

  test.each(["nonblocking", "multiplexed", "asynchronous"])("io-models %s echoes", (model) => {
    const stage = new Stage();
    const peer = stage.world.connect(stage.listener);
    peer.write("hello");
    stage.world.after(MILLISECOND_NS, () => stage.stdin.write("quit\n"));
    const { outcome } = stage.run(stage.kernel({ dialect }), "io-models", [model]);
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(peer.text).toBe("Your msg is hello");
  });

  test("io-models blocking serves one after another, and in the end waits for ever", () => {
    const stage = new Stage();
    const { world, listener } = stage;
    const [ann, ben] = [world.connect(listener), world.connect(listener)];
    world.after(SECOND_NS, () => ann.write("hello"));
    world.after(SECOND_NS, () => ben.write("me, too"));
    world.after(2 * SECOND_NS, () => expect(ben.text).toBe(""));
    world.after(3 * SECOND_NS, () => ann.end());
    world.after(4 * SECOND_NS, () => ben.end());
    const { outcome } = stage.run(stage.kernel({ dialect }), "io-models", ["blocking"]);
    expect(outcome).toMatchObject({ kind: "stopped", reason: "waits for ever" });
    expect(ann.text).toBe("Your msg is hello");
    expect(ben.text).toBe("Your msg is me, too");
  });

  test("one seed and one script are one hash; another script is another", () => {
    const play = (text: string, latencyNs: number) => {
      const stage = new Stage(42);
      const { world, listener } = stage;
      const peers = Array.from({ length: 20 }, () => world.connect(listener, { latencyNs }));
      for (const peer of peers) {
        const at = world.random.below(SECOND_NS);
        world.after(at, () => peer.write(`${text}\n`));
        if (world.random.chance(0.2)) world.after(at * 2, () => peer.reset());
      }
      world.after(10 * SECOND_NS, () => stage.stdin.write("quit\n"));
      const { outcome, hash, calls } = stage.run(stage.kernel({ dialect }), "chat", TUTORIAL_CHAT);
      expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
      return { hash, calls, heard: peers.map((peer) => peer.text) };
    };
    const first = play("hello", 0);
    expect(play("hello", 0)).toEqual(first);
    expect(play("hellp", 0).hash).not.toBe(first.hash);
    expect(play("hello", MILLISECOND_NS).hash).not.toBe(first.hash);
    expect(play("hello", MILLISECOND_NS)).toEqual(play("hello", MILLISECOND_NS));
  });
});

describe("how a guest ends that does not end by itself", () => {
  test("it is killed; its connections break off, and the next one serves", () => {
    const stage = new Stage();
    const { world, listener } = stage;
    const first = stage.kernel();
    const ann = world.connect(listener);
    world.after(SECOND_NS, () => ann.write("unread"));
    world.after(SECOND_NS, () => first.kill());
    expect(stage.run(first, "chat").outcome).toMatchObject({ kind: "stopped", reason: "killed" });
    expect(first.openFds).toEqual([]);
    expect(ann.ended || ann.wasReset).toBe(true);
    const ben = world.connect(listener);
    world.after(SECOND_NS, () => ben.write("hello again\n"));
    world.after(2 * SECOND_NS, () => stage.stdin.write("quit\n"));
    expect(stage.run(stage.kernel(), "chat").outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(ben.text).toContain("hello again\n");
  });

  test("it spins", () => {
    const stage = new Stage();
    const kernel = stage.kernel({ callsMost: 10_000 });
    const { outcome } = stage.run(kernel, "io-models", ["nonblocking"]);
    expect(outcome).toMatchObject({ kind: "stopped", reason: "out of calls" });
    expect(kernel.calls).toBe(10_001);
  });

  test("its host meets an errno that has no name", () => {
    const stage = new Stage();
    const faults = { onCall: () => ({ trap: "Protocol error (os error 71)" }) };
    const { outcome } = stage.run(stage.kernel({ faults }), "chat");
    expect(outcome).toEqual({ kind: "trap", trap: "Protocol error (os error 71)" });
  });
});
