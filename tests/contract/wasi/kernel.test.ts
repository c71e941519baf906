/**
 * The virtual kernel by itself: sockets, stdio, waits and faults. differential.test.ts compares it
 * with wasmtime where wasmtime differs.
 */
import { describe, expect, test } from "vitest";
import { Errno } from "../../../host/runtime/abi.js";
import { GuestStopped, GuestTrap } from "../../../host/runtime/outcome.js";
import { ByteQueue } from "../../../host/runtime/table/byte_queue.js";
import { Random } from "../../../lab/world/random.js";
import { Schedule } from "../../../lab/world/schedule.js";
import { MILLISECOND_NS, SECOND_NS } from "../../../lab/world/world.js";
import { AT, Desk } from "./support/guest_calls.js";

const [CLOCK, READ, WRITE] = [0, 1, 2] as const;
const [PEEK, WAITALL] = [1, 2] as const;

describe("chance and order", () => {
  test("sfc32 with PractRand's seeding: the same numbers everywhere", () => {
    const random = new Random(1);
    const drawn = Array.from({ length: 5 }, () => random.next());
    expect(new Set(drawn).size).toBe(5);
    expect(
      Array.from(
        { length: 5 },
        (
          (again) => () =>
            again.next()
        )(new Random(1)),
      ),
    ).toEqual(drawn);
    expect(new Random(2).next()).not.toBe(drawn[0]);
    expect(new Random(2 ** 32 + 1).next()).not.toBe(drawn[0]);
  });

  test("numbers below a bound stay below it and reach everything", () => {
    const random = new Random(3);
    const drawn = Array.from({ length: 1000 }, () => random.below(6));
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("the schedule is by time, then by arrival; what is called off does not happen", () => {
    const schedule = new Schedule();
    const random = new Random(4);
    const wanted = Array.from({ length: 500 }, (_, order) => ({ at: random.below(50), order }));
    const done: { at: number; order: number }[] = [];
    const all = wanted.map((one) => schedule.add(one.at, () => done.push(one)));
    for (const one of all.filter((_, index) => index % 7 === 0)) one.action = undefined;
    while (schedule.nextAt !== Infinity) schedule.take()?.action?.();
    const left = wanted.filter((_, index) => index % 7 !== 0);
    expect(done).toEqual(left.sort((one, two) => one.at - two.at || one.order - two.order));
  });

  test("a byte queue gives what it was given, however it is cut", () => {
    const random = new Random(5);
    const queue = new ByteQueue();
    const given: number[] = [];
    const got: number[] = [];
    for (let round = 0; round < 500; round++) {
      const piece = new Uint8Array(random.below(20));
      random.fill(piece);
      given.push(...piece);
      queue.push(piece);
      const targets = [new Uint8Array(random.below(10)), new Uint8Array(random.below(10))];
      const peeked = queue.peek(targets);
      const seen = Buffer.concat(targets).subarray(0, peeked).toString("hex");
      expect(queue.read(targets)).toBe(peeked);
      expect(Buffer.concat(targets).subarray(0, peeked).toString("hex")).toBe(seen);
      got.push(...Buffer.concat(targets).subarray(0, peeked));
    }
    const rest = new Uint8Array(queue.length);
    queue.read([rest]);
    expect([...got, ...rest]).toEqual(given);
    expect(queue.length).toBe(0);
  });
});

describe("connections", () => {
  test("both buffers fill, and what the peer reads makes room", () => {
    const desk = new Desk();
    const peer = desk.world.connect(desk.listener, { inboxBytes: 10, outboxBytes: 5 });
    desk.call("sock_accept", 3, 4, AT.out);
    peer.pause();
    expect(desk.send(3 + 1, "0123456789abcdefghij")).toBe(15);
    expect(desk.send(4, "x")).toBe(-Errno.AGAIN);
    desk.subscribe(0, WRITE, 4);
    desk.subscribe(1, CLOCK, 1, 1n);
    expect(desk.poll(2)).toEqual(["1:0:0:0:0"]);
    peer.resume();
    expect(peer.text).toBe("0123456789abcde");
    expect(desk.poll(2)).toEqual(["0:2:0:5:0"]);
  });

  test("what the guest does not read waits at the peer, in order", () => {
    const desk = new Desk();
    const peer = desk.world.connect(desk.listener, { inboxBytes: 4, outboxBytes: 4 });
    desk.call("sock_accept", 3, 4, AT.out);
    for (const word of ["abc", "defghi", "jklmnopqrstuvwxyz"]) peer.write(word);
    peer.end();
    expect(peer.unsentBytes).toBe(22);
    let all = "";
    for (let got = desk.recv(4, 3); got !== ""; got = desk.recv(4, 3)) all += String(got);
    expect(all).toBe("abcdefghijklmnopqrstuvwxyz");
  });

  test("take their time, if they are told to", () => {
    const desk = new Desk();
    const peer = desk.world.connect(desk.listener, { latencyNs: MILLISECOND_NS });
    desk.call("sock_accept", 3, 0, AT.out);
    peer.write("hi");
    peer.end();
    const start = desk.world.now;
    expect(desk.recv(4, 9, PEEK)).toBe("hi");
    expect(desk.world.now - start).toBeGreaterThan(MILLISECOND_NS / 2);
    expect([desk.recv(4, 9), desk.recv(4, 9)]).toEqual(["hi", ""]);
    desk.send(4, "bye");
    expect(peer.text).toBe("");
    desk.world.settle();
    expect(peer.text).toBe("bye");
  });

  test("beyond the backlog are made a second later", () => {
    const desk = new Desk();
    const listener = desk.world.listen(1);
    const [first, second] = [desk.world.connect(listener), desk.world.connect(listener)];
    expect([first.state, second.state]).toEqual(["connected", "connecting"]);
    listener.accept();
    desk.world.advanceTo(desk.world.now + SECOND_NS);
    expect(second.state).toBe("connected");
  });

  test("WAITALL gives what there is if the end comes first", () => {
    const { fd, desk, peer } = joined({}, 0);
    peer.write("ab");
    desk.world.after(SECOND_NS, () => peer.write("cd"));
    expect(desk.recv(fd, 4, WAITALL)).toBe("abcd");
    peer.write("ef");
    peer.end();
    expect(desk.recv(fd, 4, WAITALL)).toBe("ef");
    expect(desk.recv(fd, 4, WAITALL)).toBe("");
  });

  test("several targets are all filled, in wasmtime the first alone", () => {
    for (const [dialect, filled] of [["exact", 5] as const, ["wasmtime-36", 2] as const]) {
      const { desk, peer, fd } = joined({ dialect });
      peer.write("abcde");
      desk.vectors(0, 2, 9);
      expect(desk.call("sock_recv", fd, AT.vectors, 3, 0, AT.out, AT.out + 4)).toBe(0);
      expect(desk.out).toBe(filled);
    }
  });

  test("numbers are the lowest free ones; in wasmtime they only rise", () => {
    for (const [dialect, next] of [["exact", 4] as const, ["wasmtime-36", 5] as const]) {
      const desk = new Desk({ dialect });
      desk.call("fd_close", desk.join().fd);
      expect(desk.join().fd).toBe(next);
    }
  });
});

describe("an exact poll", () => {
  test("says what is ready and nothing else, with its bytes", () => {
    const desk = new Desk();
    const [quiet, busy, over] = [desk.join(), desk.join(), desk.join()];
    busy.peer.write("abc");
    over.peer.end();
    desk.call("sock_shutdown", over.fd, 2);
    const fds = [3, quiet.fd, busy.fd, over.fd, 99];
    fds.forEach((fd, index) => desk.subscribe(index, READ, fd));
    expect(desk.poll(5)).toEqual(["2:1:0:3:0", "3:1:0:0:1", `4:1:${Errno.BADF}:0:0`]);
  });

  test("tells every clock that is due, relative or absolute, of either kind", () => {
    const desk = new Desk();
    desk.subscribe(0, CLOCK, 1, 5n * BigInt(SECOND_NS));
    desk.subscribe(1, CLOCK, 1, BigInt(SECOND_NS), true);
    desk.subscribe(2, CLOCK, 0, desk.world.realtimeNs + BigInt(SECOND_NS), true);
    desk.subscribe(3, READ, 3);
    expect(desk.poll(4)).toEqual(["1:0:0:0:0", "2:0:0:0:0"]);
    expect(desk.world.now).toBeGreaterThanOrEqual(SECOND_NS);
    expect(desk.world.now).toBeLessThan(SECOND_NS + MILLISECOND_NS);
  });

  test("runs the world while it waits, no further than it must", () => {
    const desk = new Desk();
    const { peer, fd } = desk.join();
    const happened: string[] = [];
    desk.world.after(SECOND_NS, () => happened.push("nothing of note"));
    desk.world.after(2 * SECOND_NS, () => peer.write("x"));
    desk.world.after(3 * SECOND_NS, () => happened.push("too late"));
    desk.subscribe(0, READ, fd);
    desk.subscribe(1, CLOCK, 1, BigInt(10 * SECOND_NS));
    expect(desk.poll(2)).toEqual(["0:1:0:1:0"]);
    expect(happened).toEqual(["nothing of note"]);
  });

  test("that nothing will ever end is stopped; so is a read", () => {
    const { desk, fd } = joined({}, 0);
    desk.subscribe(0, READ, fd);
    expect(() => desk.poll(1)).toThrow(GuestStopped);
    expect(() => desk.recv(fd, 1)).toThrow(/waits for ever/);
  });
});

describe("stdio", () => {
  test("wasmtime hides from poll what a short read left; an exact host does not", () => {
    for (const [dialect, ready] of [["exact", "0:1:0:2:0"] as const, ["wasmtime-36", 0] as const]) {
      const desk = new Desk({ dialect });
      desk.stdin.write("abcd");
      desk.vectors(2);
      expect(desk.call("fd_read", 0, AT.vectors, 1, AT.out)).toBe(0);
      desk.subscribe(0, READ, 0);
      desk.subscribe(1, CLOCK, 1, 1n);
      expect(desk.poll(2)).toEqual([ready === 0 ? "1:0:0:0:0" : ready]);
      expect(desk.call("fd_read", 0, AT.vectors, 1, AT.out)).toBe(0);
      expect(desk.bytes(AT.data, 2)).toBe("cd");
    }
  });

  test("a write to a full pipe waits until somebody reads, and is then whole", () => {
    const desk = new Desk();
    desk.stdout.pause();
    desk.world.after(SECOND_NS, () => desk.stdout.resume());
    desk.vectors(40);
    expect(desk.call("fd_write", 1, AT.vectors, 1, AT.out)).toBe(0);
    expect(desk.out).toBe(40);
    expect(desk.stdout.text).toHaveLength(40);
    expect(desk.world.now).toBeGreaterThanOrEqual(SECOND_NS);
    desk.stdout.close();
    expect(desk.call("fd_write", 1, AT.vectors, 1, AT.out)).toBe(Errno.PIPE);
  });

  test("a pipe is ready for a write while it takes 4096 bytes at once", () => {
    const desk = new Desk();
    desk.stderr.pause();
    desk.subscribe(0, WRITE, 2);
    desk.subscribe(1, CLOCK, 1, 1n);
    const write = (bytes: number) => {
      desk.vectors(bytes);
      expect(desk.call("fd_write", 2, AT.vectors, 1, AT.out)).toBe(0);
    };
    write(30_720);
    write(30_720);
    expect(desk.poll(2)).toEqual(["0:2:0:4096:0"]);
    write(1);
    expect(desk.poll(2)).toEqual(["1:0:0:0:0"]);
  });

  test("/dev/null traps in wasmtime alone", () => {
    const [exact, wasmtime] = (["exact", "wasmtime-36"] as const).map(
      (dialect) => new Desk({ dialect, stdin: "null" }),
    );
    exact?.subscribe(0, READ, 0);
    wasmtime?.subscribe(0, READ, 0);
    expect(exact?.poll(1)).toEqual(["0:1:0:0:0"]);
    expect(() => wasmtime?.poll(1)).toThrow(GuestTrap);
  });
});

describe("faults", () => {
  test("short reads and writes move less, and lose nothing", () => {
    const { desk, peer, fd } = joined({ faults: { onCall: () => ({ mostBytes: 2 }) } });
    peer.write("abcde");
    expect([1, 2, 3].map(() => desk.recv(fd, 9))).toEqual(["ab", "cd", "e"]);
    expect(desk.send(fd, "abc")).toBe(2);
    expect(peer.text).toBe("ab");
  });

  test("AGAIN after readiness, but not where the guest would block", () => {
    for (const [flags, answer] of [[4, -Errno.AGAIN] as const, [0, "x"] as const]) {
      const { desk, peer, fd } = joined({ faults: onRecv({ errno: Errno.AGAIN }) }, flags);
      peer.write("x");
      expect(desk.recv(fd, 1)).toBe(answer);
    }
  });

  test("a reset is a reset for the peer as well", () => {
    const { desk, peer, fd } = joined({ faults: onRecv({ errno: Errno.CONNRESET }) });
    expect(desk.recv(fd, 1)).toBe(-Errno.CONNRESET);
    expect(peer.wasReset).toBe(true);
    expect(desk.send(fd, "x")).toBe(-Errno.PIPE);
  });

  test("a connection that is aborted has left the queue; without descriptors it waits on", () => {
    const errnos = [Errno.MFILE, Errno.CONNABORTED];
    const onCall = (call: string) => {
      const errno = call === "sock_accept" ? errnos.shift() : undefined;
      return errno === undefined ? undefined : { errno };
    };
    const desk = new Desk({ faults: { onCall } });
    const peer = desk.world.connect(desk.listener);
    expect(desk.call("sock_accept", 3, 4, AT.out)).toBe(Errno.MFILE);
    expect(peer.wasReset).toBe(false);
    expect(desk.call("sock_accept", 3, 4, AT.out)).toBe(Errno.CONNABORTED);
    expect(peer.wasReset).toBe(true);
    expect(desk.call("sock_accept", 3, 4, AT.out)).toBe(Errno.AGAIN);
  });

  test("readiness that is made up, and readiness that comes late", () => {
    const spurious = joined({ faults: { onReadiness: () => true } });
    spurious.desk.subscribe(0, READ, spurious.fd);
    expect(spurious.desk.poll(1)).toEqual(["0:1:0:0:0"]);
    let looks = 0;
    const late = joined({ faults: { onReadiness: (_fd, _type, ready) => ready && ++looks > 3 } });
    late.peer.write("x");
    const start = late.desk.world.now;
    late.desk.subscribe(0, READ, late.fd);
    expect(late.desk.poll(1)).toEqual(["0:1:0:1:0"]);
    expect(late.desk.world.now - start).toBeGreaterThanOrEqual(3 * MILLISECOND_NS);
  });

  test("stalls let the world go on; a clock that is set jumps, the other does not", () => {
    const faults = { onTime: () => ({ stallNs: SECOND_NS, realtimeJumpNs: -3600 * SECOND_NS }) };
    const desk = new Desk({ faults });
    const before = desk.world.realtimeNs;
    desk.call("sched_yield");
    expect(desk.world.now).toBeGreaterThanOrEqual(SECOND_NS);
    expect(desk.world.realtimeNs).toBeLessThan(before);
  });
});

function onRecv(fault: { errno: number }) {
  return { onCall: (call: string) => (call === "sock_recv" ? fault : undefined) };
}

function joined(options: ConstructorParameters<typeof Desk>[0], flags = 4) {
  const desk = new Desk(options);
  return { desk, ...desk.join(flags) };
}
