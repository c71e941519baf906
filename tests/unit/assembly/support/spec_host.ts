/**
 * The module `host` that specs import: functions that control the world. Declared for
 * AssemblyScript in specs/support/host.ts.
 */
import { sanitized } from "../../../../lab/sim/model/sanitize.js";
import {
  formsOf,
  isUsual,
  kindOf,
  linesOf,
  randomSource,
  stampOf,
  troublesomeBytes,
} from "./models.js";
import type { FakeFiles } from "./fake_files.js";
import type { Imports } from "./fake_wasi.js";
import { type Descriptor, Filetype, type HostKind, type World } from "./world.js";

/** How a case is to end, if not by returning. */
export interface Ending {
  exitCode?: number;
  abortMessage?: string;
  /** The expected beginning of stderr. */
  said?: string;
}

export interface SpecHost {
  imports: Imports;
  ending: Ending;
}

/** @param collect where two runs of the same case differ: what a step between two others does */
export function specHost(
  world: World,
  files: FakeFiles,
  memory: () => WebAssembly.Memory,
  collect: () => void,
): SpecHost {
  const ending: Ending = {};
  const random = randomSource(1);
  const text = (at: number) => readString(memory(), at);
  const bytes = (at: number, length: number) => new Uint8Array(memory().buffer, at, length);
  const put = (at: number, content: Uint8Array) => {
    bytes(at, content.length).set(content);
    return content.length;
  };
  const sentBy = (fd: number) => Buffer.concat((world.closed.get(fd) ?? world.at(fd)).sent);
  const set = (change: (fd: Descriptor, value: number) => void) => (fd: number, value: number) =>
    change(world.at(fd), value);

  const time: Imports = {
    advance: (nanoseconds: bigint) => world.advance(nanoseconds),
    setRealtime: (nanoseconds: bigint) => void (world.realtime = nanoseconds),
    feedAfter: (nanoseconds: bigint, fd: number, words: number) => {
      const content = Buffer.from(text(words));
      world.schedule(nanoseconds, () => world.at(fd).inbox.push(content));
    },
    arriveAfter: (nanoseconds: bigint, fd: number) =>
      world.schedule(nanoseconds, () => world.at(fd).backlog++),
  };
  const sockets: Imports = {
    openListener: () => world.open("listener"),
    openConnection: () => world.open("connection"),
    openDirectory: () => world.open("directory"),
    arrive: set((fd, count) => (fd.backlog += count)),
    feed: (fd: number, words: number) => void world.at(fd).inbox.push(Buffer.from(text(words))),
    feedBytes: (fd: number, at: number, length: number) =>
      void world.at(fd).inbox.push(bytes(at, length).slice()),
    end: set((fd) => (fd.ended = true)),
    reset: set((fd) => (fd.broken = true)),
    resetOnce: set((fd) => {
      Object.assign(fd, { isResetUntold: true, ended: true, hungUp: true });
    }),
    failRead: set((fd) => (fd.readFails = true)),
    hangUp: set((fd) => (fd.hungUp = true)),
    setRoom: set((fd, room) => (fd.room = room < 0 ? Infinity : room)),
    setSendMost: set((fd, most) => (fd.sendMost = most)),
    failSend: set((fd, errno) => fd.sendErrors.push(errno)),
    failAccept: set((fd, errno) => fd.acceptErrors.push(errno)),
    failShutdown: set((fd, errno) => (fd.shutdownErrno = errno)),
    setBlockingFd: set((fd) => (fd.nonBlocking = false)),
    sentLength: (fd: number) => sentBy(fd).length,
    copySent: (fd: number, at: number) => put(at, sentBy(fd)),
    forgetSent: (fd: number) => void ((world.closed.get(fd) ?? world.at(fd)).sent = []),
    isOpen: (fd: number) => world.descriptors.has(fd),
    isShutDown: (fd: number) => world.at(fd).shutDown,
    drop: (fd: number) => world.close(fd),
  };
  const system: Imports = {
    setHost: (kind: HostKind) => void (world.kind = kind),
    failPoll: (errno: number) => void world.pollErrors.push(errno),
    calls: (name: number) => world.calls.get(text(name)) ?? 0,
    subscribed: () => {
      const most = world.subscribed;
      world.subscribed = 0;
      return most;
    },
    addArgument: (word: number) => void world.programArguments.push(text(word)),
    outputIsTerminal: (fd: number) => void (world.at(fd).filetype = Filetype.Terminal),
    stdinIsTerminal: () => void (world.at(0).filetype = Filetype.Terminal),
    stdinIsFile: () => {
      Object.assign(world.at(0), { filetype: Filetype.File, room: Infinity });
    },
    stdinIsNull: () => void (world.at(0).room = Infinity),
    stdinIsSocket: () => {
      Object.assign(world.at(0), { filetype: Filetype.Socket, room: Infinity });
    },
  };
  const disk: Imports = {
    diskNames: (at: number) => put(at, Buffer.from(files.disk.names().sort().join(" "))),
    diskSize: (name: number) => files.disk.content(text(name))?.length ?? -1,
    diskRead: (name: number, at: number) =>
      put(at, files.disk.content(text(name)) ?? new Uint8Array()),
    diskWrite: (name: number, at: number, length: number) =>
      files.disk.put(text(name), bytes(at, length)),
    diskRemove: (name: number) => void files.disk.unlink(text(name)),
    diskCapacity: (most: number) => void (files.disk.capacity = most < 0 ? Infinity : most),
    failFile: (call: number, errno: number) => files.fail(text(call), { errno }),
    shortenFile: (call: number, mostBytes: number) => files.fail(text(call), { mostBytes }),
    losePower: () => files.losePower(),
  };
  const runner: Imports = {
    collect,
    expectExit: (code: number) => void (ending.exitCode = code),
    expectAbort: (message: number) => void (ending.abortMessage = text(message)),
    expectSaid: (words: number) => void (ending.said = text(words)),
  };
  const models: Imports = {
    random: () => random(),
    troublesomeBytes: (at: number, length: number) => put(at, troublesomeBytes(random, length)),
    modelSanitize: (to: number, from: number, length: number) =>
      put(to, sanitized(bytes(from, length))),
    modelLines: (to: number, from: number, length: number, limit: number) =>
      put(to, Buffer.from(linesOf(bytes(from, length), limit), "latin1")),
    modelStamp: (to: number, unixSeconds: bigint) => put(to, Buffer.from(stampOf(unixSeconds))),
    modelKind: (code: number) => kindOf(code),
    modelIsUsual: (code: number) => isUsual(code),
    modelForm: (to: number, words: number, form: number) =>
      put(to, Buffer.from(formsOf(text(words))[form] ?? "")),
    unicodeOfHost: () => parseFloat(process.versions["unicode"] ?? "0"),
  };
  return { imports: { ...time, ...sockets, ...system, ...disk, ...runner, ...models }, ending };
}

/** A managed string of the module: UTF-16, its size in bytes four bytes before it. */
export function readString(memory: WebAssembly.Memory, at: number): string {
  if (at === 0) return "";
  const length = new DataView(memory.buffer).getUint32(at - 4, true);
  return Buffer.from(memory.buffer, at, length).toString("utf16le");
}
