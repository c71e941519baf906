/** Selectors compared with a plain model of readiness, over random operations in random order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONG, RUNS } from "./support/drawn.js";
import { Answer, READ, Readiness, type Socket, WRITE } from "./support/readiness.js";
import { LISTENER, Watcher } from "./support/watcher.js";

/** selectors/poll_oneoff_selector.ts: a key that is ready is passed over once less than that. */
const VERIFY_ROUNDS = 8;
const WAIT_SECONDS = 0.01;

type Run = (model: Readiness, real: Watcher) => void;

class Command implements fc.Command<Readiness, Watcher> {
  constructor(
    private readonly name: string,
    readonly check: (model: Readiness) => boolean,
    readonly run: Run,
  ) {}

  toString(): string {
    return this.name;
  }
}

const always = () => true;

/** Something done to a descriptor that is open or has been, the `index`-th of them. */
function toAny(name: string, index: number, run: (fd: number, ...both: Parameters<Run>) => void) {
  return new Command(`${name}(${index})`, always, (model, real) => {
    const fds = [LISTENER, ...model.sockets.keys()];
    run(fds[index % fds.length] ?? LISTENER, model, real);
  });
}

/** Something done to a connection that is open. */
function toOpen(
  name: string,
  index: number,
  run: (fd: number, socket: Socket, real: Watcher) => void,
) {
  const open = (model: Readiness) => [...model.sockets].filter(([, { isOpen }]) => isOpen);
  return new Command(
    `${name}(${index})`,
    (model) => open(model).length > 0,
    (model, real) => {
      const all = open(model);
      const [fd, socket] = all[index % all.length] ?? [];
      if (fd !== undefined && socket !== undefined) run(fd, socket, real);
    },
  );
}

/** Readiness is a question of many: this is how a run begins. */
function come(model: Readiness, real: Watcher, mask: number): void {
  for (const one of [connect, accept]) one.run(model, real);
  const fd = Math.max(...model.sockets.keys());
  expect(real.call("register", fd, mask, fd)).toBe(model.register(fd, mask, fd));
}

const accept = new Command(
  "accept",
  // A number that is used again is another descriptor under an old name: so in Python, too.
  (model) => model.waiting > 0 && !(model.reusesNumbers && model.hasStale),
  (model, real) => {
    model.waiting--;
    const fresh = { isOpen: true, unread: 0, ended: false, reset: false, full: false };
    model.sockets.set(real.accept(), fresh);
  },
);
const connect = new Command("connect", always, (model, real) => {
  model.waiting++;
  real.connect();
});

function select(seconds: number) {
  return new Command(`select(${seconds})`, always, (model, real) => {
    const wanted = model.ready();
    const found = new Map<number, number>();
    // One may be passed over for others, but not for ever.
    for (let round = 0; round < VERIFY_ROUNDS; round++) {
      const before = real.world.now;
      const { result, shown } = real.show("select", seconds);
      expect(result).toBe(model.closed ? Answer.CLOSED : Answer.NONE);
      for (const { fd, mask, errno, data } of shown) {
        expect(wanted).toContainEqual([fd, mask]);
        expect(data).toBe(model.keys.get(fd)?.data);
        if (!model.isOpen(fd)) expect(errno).toBeGreaterThan(0);
        found.set(fd, mask);
      }
      expect(new Set(shown.map(({ fd }) => fd)).size).toBe(shown.length);
      expect(shown.length > 0).toBe(wanted.length > 0);
      const waited = (real.world.now - before) / 1e9;
      if (wanted.length === 0 && !model.closed) expect(waited).toBeGreaterThanOrEqual(seconds);
    }
    expect([...found].sort(([one], [two]) => one - two)).toEqual(wanted);
  });
}

const showMap = new Command("getMap", always, (model, real) => {
  const wanted = [...model.keys].map(([fd, { events, data }]) => ({ fd, mask: events, data }));
  const { shown } = real.show("getMap");
  wanted.sort((one, two) => one.fd - two.fd);
  expect(shown).toEqual(wanted.map((key) => ({ ...key, errno: 1 })));
});

const close = new Command("close", always, (model, real) => {
  model.close();
  real.call("closeSelector");
});

const index = fc.nat({ max: 7 });
const events = fc.oneof(fc.constantFrom(READ, WRITE, READ | WRITE), fc.nat({ max: 5 }));
const data = fc.nat({ max: 99 });

const register = fc.tuple(index, events, data).map(([at, mask, about]) =>
  toAny(`register ${mask}`, at, (fd, model, real) => {
    expect(real.call("register", fd, mask, about)).toBe(model.register(fd, mask, about));
  }),
);
const keeping = [
  fc.tuple(index, events, data).map(([at, mask, about]) =>
    toAny(`modify ${mask}`, at, (fd, model, real) => {
      expect(real.call("modify", fd, mask, about)).toBe(model.modify(fd, mask, about));
    }),
  ),
  index.map((at) =>
    toAny("unregister", at, (fd, model, real) => {
      expect(real.call("unregister", fd)).toBe(model.unregister(fd));
    }),
  ),
  index.map((at) =>
    toAny("getKey", at, (fd, model, real) => {
      const key = model.keys.get(fd);
      const wanted = key && { fd, mask: key.events, errno: 1, data: key.data };
      expect(real.show("getKey", fd).shown).toEqual(wanted ? [wanted] : []);
    }),
  ),
];

const happening = [
  ...[fc.constant(connect), fc.constant(accept), fc.constant(accept)],
  fc.tuple(index, fc.constantFrom(1, 2, 700)).map(([at, bytes]) =>
    toOpen(`says ${bytes}`, at, (fd, socket, real) => {
      if (socket.ended || socket.reset || socket.unread > 2000) return;
      real.peers.get(fd)?.write(Buffer.alloc(bytes));
      socket.unread += bytes;
    }),
  ),
  index.map((at) =>
    toOpen("ends", at, (fd, socket, real) => {
      if (socket.reset) return;
      real.peers.get(fd)?.end();
      socket.ended = true;
    }),
  ),
  index.map((at) =>
    toOpen("resets", at, (fd, socket, real) => {
      real.peers.get(fd)?.reset();
      socket.reset = true;
    }),
  ),
  fc.tuple(index, fc.constantFrom(1, 300, 65_536)).map(([at, most]) =>
    toOpen(`receive ${most}`, at, (fd, socket, real) => {
      if (socket.reset || socket.unread === 0) return;
      socket.unread -= real.call("receive", fd, most);
    }),
  ),
  index.map((at) =>
    toOpen("fill", at, (fd, socket, real) => {
      if (socket.reset) return;
      real.fill(fd);
      socket.full = true;
    }),
  ),
  index.map((at) =>
    toOpen("drained", at, (fd, socket, real) => {
      if (socket.reset) return;
      real.peers.get(fd)?.resume();
      real.peers.get(fd)?.pause();
      real.world.advanceTo(real.world.now + 1);
      socket.full = false;
    }),
  ),
  index.map((at) =>
    toOpen("closeSocket", at, (fd, socket, real) => {
      expect(real.call("closeSocket", fd)).toBe(0);
      socket.isOpen = false;
    }),
  ),
];

const commands = fc.commands(
  [
    // Few keys say little: there is more registering than anything else.
    ...[register, register, register, register, register],
    ...[...keeping, ...happening],
    ...[fc.constant(select(0)), fc.constant(select(0)), fc.constant(select(WAIT_SECONDS))],
    ...[fc.constant(showMap), fc.nat({ max: 9 }).map((one) => (one === 0 ? close : showMap))],
  ],
  { ...LONG, maxCommands: 100 },
);

describe.each([
  ["poll_oneoff, verified", "wasmtime-36", 0],
  ["poll_oneoff, verified", "exact", 0],
  ["poll_oneoff, believed", "exact", 1],
  ["scan", "wasmtime-36", 2],
  ["scan", "exact", 2],
] as const)("%s, on a host that is %s", (_name, dialect, kind) => {
  test("it says who is ready, and nobody else", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 8 }), commands, (crowd, drawn) => {
        const setup = () => {
          const model = new Readiness(LISTENER, kind === 2, dialect === "exact");
          const real = new Watcher(dialect, kind);
          for (const mask of crowd) come(model, real, mask);
          return { model, real };
        };
        fc.modelRun(setup, drawn);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});
