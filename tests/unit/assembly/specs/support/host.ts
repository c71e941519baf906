/**
 * The functions by which a spec controls its world: tests/unit/assembly/support/spec_host.ts. Each
 * case begins in a fresh world: stdin is a pipe, stdout and stderr have room, and nothing else is
 * open.
 */

/** Lets time pass. It passes by itself only while the module waits. */
export declare function advance(nanoseconds: u64): void;
export declare function setRealtime(nanoseconds: u64): void;
/** Something arrives at `fd` once so much time has passed. */
export declare function feedAfter(nanoseconds: u64, fd: u32, text: string): void;
/** A connection arrives at a listener once so much time has passed. */
export declare function arriveAfter(nanoseconds: u64, listener: u32): void;

export declare function openListener(): u32;
export declare function openConnection(): u32;
export declare function openDirectory(): u32;
/** So many connections arrive at a listener. */
export declare function arrive(listener: u32, count: u32): void;
/** A text arrives; one read gives no more than one arrival. */
export declare function feed(fd: u32, text: string): void;
export declare function feedBytes(fd: u32, at: usize, length: u32): void;
/** The peer ends its stream. */
export declare function end(fd: u32): void;
/** The peer resets the connection. */
export declare function reset(fd: u32): void;
/** The same, but only the next read is told; after it, reads find the end. As on Linux. */
export declare function resetOnce(fd: u32): void;
/** From now on poll names an error for reads of this descriptor, and none for writes. */
export declare function failRead(fd: u32): void;
export declare function hangUp(fd: u32): void;
/** Bytes that can be written from now on; -1: any number. */
export declare function setRoom(fd: u32, bytes: i32): void;
/** Bytes that one write takes at most. */
export declare function setSendMost(fd: u32, bytes: u32): void;
/** The next write that no earlier one of these is for fails with this errno. */
export declare function failSend(fd: u32, errno: i32): void;
export declare function failAccept(listener: u32, errno: i32): void;
export declare function failShutdown(fd: u32, errno: i32): void;
export declare function setBlockingFd(fd: u32): void;
export declare function sentLength(fd: u32): u32;
export declare function copySent(fd: u32, at: usize): u32;
export declare function forgetSent(fd: u32): void;
export declare function isOpen(fd: u32): bool;
export declare function isShutDown(fd: u32): bool;
/** Closes a descriptor behind the module's back. */
export declare function drop(fd: u32): void;

/** How the host's poll answers: one of {@link Host}. */
export declare function setHost(kind: i32): void;
export declare function failPoll(errno: i32): void;
/** Calls of a WASI function so far; "peek" counts the sock_recv that only look. */
export declare function calls(name: string): i32;
/** The most subscriptions of one poll since this was last asked. */
export declare function subscribed(): i32;
export declare function addArgument(word: string): void;
export declare function outputIsTerminal(fd: u32): void;
export declare function stdinIsTerminal(): void;
export declare function stdinIsFile(): void;
export declare function stdinIsNull(): void;
export declare function stdinIsSocket(): void;

/** Names of what is on the disk of directories, sorted, with spaces. @returns bytes written */
export declare function diskNames(at: usize): u32;
/** Bytes of a file; -1 if there is none. */
export declare function diskSize(name: string): i32;
export declare function diskRead(name: string, at: usize): u32;
export declare function diskWrite(name: string, at: usize, length: u32): void;
export declare function diskRemove(name: string): void;
/** Bytes that it can hold from now on; -1: any number. */
export declare function diskCapacity(bytes: i32): void;
/** The next `fd_write`, `fd_sync`, `path_open`, ... on files fails with this errno. */
export declare function failFile(call: string, errno: i32): void;
/** The next one moves so many bytes at most. */
export declare function shortenFile(call: string, bytes: i32): void;
/** Simulates a power loss: a part of what was not synced is lost, and open files are gone. */
export declare function losePower(): void;

/** Collects what nobody holds, and writes over it; does nothing in the plain run. */
export declare function collect(): void;
/** This case must end with `proc_exit(code)`. */
export declare function expectExit(code: i32): void;
/** This case must end with an abort whose message contains the text. */
export declare function expectAbort(message: string): void;
/** When this case has ended, stderr must begin with the text. */
export declare function expectSaid(text: string): void;

export declare function random(): u32;
/** Fills memory with bytes on which decoders stumble. */
export declare function troublesomeBytes(at: usize, length: u32): void;
/**
 * The results of tests/unit/assembly/support/models.ts for the same input.
 *
 * @returns bytes written
 */
export declare function modelSanitize(to: usize, from: usize, length: u32): u32;
export declare function modelLines(to: usize, from: usize, length: u32, limit: u32): u32;
export declare function modelStamp(to: usize, unixSeconds: i64): u32;
/** Letter 1, mark 2, digit 3 by Node's Unicode. */
export declare function modelKind(code: u32): i32;
export declare function modelIsUsual(code: u32): bool;
/** A text in NFC (0), in NFD (1), in small letters (2), in capitals (3). @returns bytes written */
export declare function modelForm(to: usize, text: string, form: i32): u32;
/** The version of Node's Unicode. */
export declare function unicodeOfHost(): f64;
