/**
 * A guest that obeys, one command a line on stdin and one answer a line on stdout, and asks its
 * host of WASI 0.2 for no more than that: what the host answers is not made better by anything.
 * `peers` are numbered from 0 as they are accepted, `pollables` as they are made.
 */
export { cabi_realloc } from "../../../assembly/wasi/preview3/platform";

import { listenAt } from "../../../assembly/net/places";
import { AGAIN } from "../../../assembly/wasi/errno";
import { Fd } from "../../../assembly/wasi/fd";
import * as abi from "../../../assembly/wasi/preview3/abi";
import { find } from "../../../assembly/wasi/preview3/table";
import { waitFor } from "../../../assembly/wasi/preview3/wait";
import { programArguments } from "../../../assembly/wasi/process";
import { readStdin, STDIN, STDOUT, writeText } from "../../../assembly/wasi/stdio";

const LISTENER: Fd = 3;
const MANY: usize = 65536;
/** Long enough not to be over before the host looks at it. */
const REST_NS: u64 = 20_000_000;
const input = memory.data(8192);
const buffer = memory.data(65536);
const list = memory.data(4096);
const answer = memory.data(4096);

class Peer {
  constructor(
    public socket: abi.Handle,
    public input: abi.Handle,
    public output: abi.Handle,
  ) {}
}

const peers: Array<Peer> = [];
const pollables: Array<abi.Handle> = [];
let stdout: abi.Handle = abi.NO_HANDLE;

function parse(text: string): i32 {
  return <i32>I32.parseInt(text);
}

function listener(): abi.Handle {
  return find(LISTENER)!.socket;
}

/** `ok`, or the number of the error. */
function outcome(at: usize): string {
  return abi.succeeded() ? "ok" : `error ${load<u8>(abi.RESULT + at)}`;
}

/** The same of a stream, whose failures are to be given back. */
function streamOutcome(at: usize): string {
  if (abi.succeeded()) return "ok";
  if (load<u8>(abi.RESULT + at) != 0) return "closed";
  abi.dropError(load<abi.Handle>(abi.RESULT + at + 4));
  return "failed";
}

function accept(): string {
  abi.acceptSocket(listener(), abi.RESULT);
  if (!abi.succeeded()) return outcome(abi.VALUE_AT);
  const at = abi.RESULT + abi.VALUE_AT;
  peers.push(new Peer(load<i32>(at), load<i32>(at, 4), load<i32>(at, 8)));
  return `peer ${peers.length - 1}`;
}

function read(peer: Peer, most: i32): string {
  abi.land(buffer, MANY);
  abi.streamRead(peer.input, most, abi.RESULT);
  const how = streamOutcome(4);
  if (how != "ok") return how;
  const got = load<u32>(abi.RESULT, 8);
  return got > 100 ? `${got} bytes` : `"${String.UTF8.decodeUnsafe(buffer, got)}"`;
}

function check(peer: Peer): string {
  abi.checkWrite(peer.output, abi.RESULT);
  const how = streamOutcome(8);
  return how == "ok" ? load<u64>(abi.RESULT, 8).toString() : how;
}

function write(to: abi.Handle, bytes: usize): string {
  abi.streamWrite(to, buffer, bytes, abi.RESULT);
  return streamOutcome(4);
}

function writeWord(peer: Peer, word: string): string {
  return write(peer.output, String.UTF8.encodeUnsafe(changetype<usize>(word), word.length, buffer));
}

/** Writes as much as it may, until nothing is permitted. */
function fill(peer: Peer): string {
  for (let writes = 0; writes < 10_000; writes++) {
    const permit = check(peer);
    if (permit == "0") return "full";
    if (permit == "closed" || permit == "failed") return permit;
    const how = write(peer.output, MANY);
    if (how != "ok") return how;
  }
  return "never full";
}

function poll(count: i32): string {
  abi.land(answer, 4096);
  abi.pollList(list, count, abi.RESULT);
  const named = load<u32>(abi.RESULT, 4);
  const places = new Array<u32>();
  for (let i: u32 = 0; i < named; i++) places.push(load<u32>(answer + <usize>i * 4));
  if (named <= 8) return places.join(" ");
  return `${named} from ${places[0]} to ${places[named - 1]}`;
}

function listed(pollable: abi.Handle, place: i32): void {
  store<abi.Handle>(list + <usize>place * 4, pollable);
}

function pollThese(words: Array<string>): string {
  for (let i = 1; i < words.length; i++) listed(pollables[parse(words[i])], i - 1);
  return poll(words.length - 1);
}

/**
 * Has the host do whatever it does when nobody is ready, which the wait for a command does not if
 * the command is there already.
 */
function letGo(): void {
  const timer = abi.subscribeDuration(REST_NS);
  listed(timer, 0);
  poll(1);
  abi.dropPollable(timer);
}

/** Of so many calls in a row, how many find what they look for. */
function often(words: Array<string>): string {
  const verb = words[0];
  const times = parse(words[1]);
  const peer = peers[parse(words[2])];
  letGo();
  let found = 0;
  for (let i = 0; i < times; i++) {
    if (verb == "checks") found += check(peer) != "0" ? 1 : 0;
    else if (verb == "reads") found += read(peer, 1) != '""' ? 1 : 0;
    else if (verb == "writes" && check(peer) != "0") found += writeWord(peer, "x") == "ok" ? 1 : 0;
  }
  return found.toString();
}

function subscribed(pollable: abi.Handle): string {
  pollables.push(pollable);
  return `pollable ${pollables.length - 1}`;
}

function subscribe(words: Array<string>): string {
  const what = words[1];
  if (what == "listener") return subscribed(abi.subscribeSocket(listener()));
  if (what == "timer") return subscribed(abi.subscribeDuration(<u64>I64.parseInt(words[2])));
  if (what == "stdout") return subscribed(abi.subscribeOutput(stdout));
  if (what == "all") {
    for (let i = 0; i < peers.length; i++) subscribed(abi.subscribeInput(peers[i].input));
    return `${pollables.length} pollables`;
  }
  const peer = peers[parse(words[2])];
  if (what == "socket") return subscribed(abi.subscribeSocket(peer.socket));
  const isIn = what == "in";
  return subscribed(isIn ? abi.subscribeInput(peer.input) : abi.subscribeOutput(peer.output));
}

function drop(what: string, at: i32): string {
  if (what == "pollable") abi.dropPollable(pollables[at]);
  else if (what == "in") abi.dropInput(peers[at].input);
  else if (what == "out") abi.dropOutput(peers[at].output);
  else if (what == "socket") abi.dropSocket(peers[at].socket);
  else if (what == "handle") abi.dropPollable(at);
  else if (what == "stdout") abi.dropOutput(stdout);
  return "dropped";
}

function onPeer(words: Array<string>, peer: Peer): string {
  const verb = words[0];
  if (verb == "read") return read(peer, parse(words[2]));
  if (verb == "check") return check(peer);
  if (verb == "write") return writeWord(peer, words[2]);
  if (verb == "write-bytes") return write(peer.output, parse(words[2]));
  if (verb == "fill") return fill(peer);
  if (verb == "handles") return `${peer.socket} ${peer.input} ${peer.output}`;
  if (verb == "flush") {
    abi.streamFlush(peer.output, abi.RESULT);
    return streamOutcome(4);
  }
  if (verb == "shutdown") {
    abi.shutdownSocket(peer.socket, parse(words[2]), abi.RESULT);
    return outcome(1);
  }
  return "what?";
}

function obey(words: Array<string>): string {
  const verb = words[0];
  if (verb == "listeners") return "3";
  if (verb == "accept") return accept();
  if (verb == "sub") return subscribe(words);
  if (verb == "poll") return pollThese(words);
  if (verb == "poll-all") {
    letGo();
    for (let i = 0; i < pollables.length; i++) listed(pollables[i], i);
    return poll(pollables.length);
  }
  if (verb == "pollable") return pollables[parse(words[1])].toString();
  if (verb == "drop") return drop(words[1], words.length > 2 ? parse(words[2]) : 0);
  if (verb == "stdout") {
    stdout = abi.getStdout();
    return "stdout";
  }
  if (verb == "stdout-write") return write(stdout, parse(words[1]));
  if (verb == "stdout-blocking") {
    abi.writeAndFlush(stdout, buffer, parse(words[1]), abi.RESULT);
    return streamOutcome(4);
  }
  if (verb == "checks" || verb == "reads" || verb == "writes") return often(words);
  return onPeer(words, peers[parse(words[1])]);
}

const given = programArguments();
for (let i = 0; i < given.length; i++) assert(listenAt([given[i].substring(7)]) == "");

let rest = "";
while (true) {
  const got = readStdin(input, 8192);
  if (got == -AGAIN) {
    waitFor(find(STDIN)!, false);
    continue;
  }
  if (got <= 0) break;
  const lines = (rest + String.UTF8.decodeUnsafe(input, got)).split("\n");
  rest = lines.pop();
  for (let i = 0; i < lines.length; i++) writeText(STDOUT, obey(lines[i].split(" ")) + "\n");
}
