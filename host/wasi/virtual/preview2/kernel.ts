/**
 * The virtual kernel as a host of WASI 0.2 stands on it: connections keep the rest of a write, a
 * wait costs a budget, and a program opens the listeners by itself. Told of no line of wasmtime, it
 * is the kernel of preview1.
 */
import { Errno, Eventtype, Sdflags } from "../../abi.js";
import type { Event, Subscription } from "../../kernel.js";
import { type Descriptor, Ready } from "../descriptor.js";
import { VirtualKernel, type VirtualKernelOptions } from "../kernel.js";
import { deadlineOf, isReady, watch, type Watched } from "../readiness.js";
import type { StreamEnd } from "../stream.js";
import type { World } from "../world.js";
import { Budget } from "./budget.js";
import { HostedStream } from "./hosted_stream.js";
import { BLOCKING_WRITE_BYTES, type Line } from "./line.js";
import { Naming } from "./naming.js";

/** What a component waits for. */
export interface Awaited {
  subscription: Subscription;
  /** Whether a timer for no time has let the host go on before. */
  hasLetGo: boolean;
}

export interface ComponentKernelOptions extends VirtualKernelOptions {
  /** Of wasmtime; undefined: the guest is a module of preview1. */
  line?: Line | undefined;
  /** What a send buffer can be set to, as `net.core.wmem_max` says. */
  sendBufferMost?: number | undefined;
}

/** Of a recent Linux. */
const SEND_BUFFER_MOST = 4_194_304;

export class ComponentKernel extends VirtualKernel {
  readonly line: Line;
  readonly budget = new Budget();
  readonly sendBufferMost: number;
  /** Listeners at which a wait has found somebody, who is then accepted already. */
  readonly #greeted = new Set<number>();
  /** Of what is waited for next, by its place. */
  readonly #haveLetGo = new Set<number>();
  readonly #isHost: boolean;

  constructor(world: World, options: ComponentKernelOptions) {
    super(world, options);
    this.#isHost = options.line !== undefined;
    this.line = options.line ?? 36;
    this.sendBufferMost = options.sendBufferMost ?? SEND_BUFFER_MOST;
  }

  protected override held(end: StreamEnd): Descriptor {
    if (!this.#isHost) return end;
    return new HostedStream(end, this.line, (ns, action) => this.world.after(ns, action));
  }

  /** A connection that the guest has; undefined if it has been given back. */
  hosted(fd: number): HostedStream | undefined {
    const found = this.table.find(fd);
    return found instanceof HostedStream ? found : undefined;
  }

  /** Those that it was handed. */
  get directories(): { fd: number; name: string }[] {
    return this.table.fds.flatMap((fd) => {
      const name = this.table.find(fd)?.preopenName;
      return name === undefined ? [] : [{ fd, name }];
    });
  }

  get now(): number {
    return this.world.now;
  }

  /** @returns when it is due, in nanoseconds of the world; -Infinity if it is for no time */
  setTimer(nanoseconds: number): number {
    return nanoseconds === 0 ? -Infinity : this.now + nanoseconds;
  }

  /** Who waits costs a part of the budget, unless a wait has found it already. */
  override accept(fd: number, flags: number): number {
    if (!this.#isHost || this.#greeted.delete(fd)) return super.accept(fd, flags);
    if (this.budget.left === 0) return -Errno.AGAIN;
    const accepted = super.accept(fd, flags);
    if (accepted !== -Errno.AGAIN) this.budget.spend();
    return accepted;
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    const got = super.recv(fd, targets, flags);
    // So it is, too, when that was a fault's doing.
    if (got === -Errno.AGAIN) this.hosted(fd)?.foundNothing();
    else if (got < 0) this.hosted(fd)?.foundBroken();
    return got;
  }

  /** Whether a read would not wait. */
  isReadable(fd: number): boolean {
    return ((this.table.find(fd)?.revents() ?? 0) & (Ready.IN | Ready.HUP)) !== 0;
  }

  /** Bytes that one write to a connection may have; 0: none now; or a negated errno. */
  permit(fd: number): number {
    const found = this.hosted(fd);
    if (found === undefined) return -Errno.BADF;
    const permit = found.permit();
    if (permit <= 0) return permit;
    // The younger line asks its runtime, which asks for a part of the budget.
    if (this.line === 48 && !this.budget.spend()) return 0;
    const fault = this.strike("sock_send", fd, found, BLOCKING_WRITE_BYTES);
    if (fault === -Errno.AGAIN) return 0;
    if (fault > 0) found.cut(fault);
    return fault < 0 ? fault : permit;
  }

  override send(fd: number, pieces: Uint8Array[]): number {
    const sent = super.send(fd, pieces);
    // The younger line looks whether it is through, which costs as much as to ask before.
    const found = this.hosted(fd);
    if (this.line === 48 && ((found?.revents() ?? 0) & Ready.OUT) !== 0) this.budget.spend();
    return sent;
  }

  /** Nobody will read from a connection any more. */
  stopReading(fd: number): void {
    this.hosted(fd)?.shutdown(Sdflags.RD);
  }

  /**
   * The output stream of a connection is given back. The older line forgets what it has not handed
   * on yet; the younger waits for it, and everybody with it.
   *
   * @returns bytes that are lost
   */
  stopWriting(fd: number): number {
    const found = this.hosted(fd);
    if (found === undefined) return 0;
    if (this.line === 48) {
      this.ticks.wait(() => found.restBytes === 0 && (found.revents() & Ready.OUT) !== 0);
      this.budget.renew();
    }
    return found.abandon();
  }

  /** As `poll`, of timers some of which have done what they do but once. */
  waitFor(all: readonly Awaited[]): Event[] | number {
    this.#haveLetGo.clear();
    all.forEach(({ hasLetGo }, index) => hasLetGo && this.#haveLetGo.add(index));
    return this.poll(all.map(({ subscription }) => subscription));
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    if (!this.#isHost) return super.poll(subscriptions);
    const waited = watch(this.context, subscriptions);
    if (typeof waited === "number") return waited;
    const start = this.world.now;
    const isReady = (one: Watched) => this.#isReady(one);
    const naming = new Naming(this.line, this.budget, waited, start, isReady, this.#haveLetGo);
    const look = () => naming.look(this.world.now);
    this.ticks.wait(look, deadlineOf(waited), () => naming.isDelayed);
    for (const { index } of naming.named) {
      const one = subscriptions[index];
      if (one?.type === Eventtype.FD_READ) this.#greeted.add(one.fd);
    }
    return naming.named;
  }

  /** @returns undefined if a fault keeps it back */
  #isReady(one: Watched): boolean | undefined {
    const isOne = isReady(one);
    const isTold = this.faults.onReadiness?.(one.fd, one.type, isOne) ?? isOne;
    return isOne && !isTold ? undefined : isTold;
  }
}

/** As a subscription to one direction of a descriptor. */
export function readiness(fd: number, direction: "input" | "output"): Subscription {
  return { type: direction === "input" ? Eventtype.FD_READ : Eventtype.FD_WRITE, fd };
}
