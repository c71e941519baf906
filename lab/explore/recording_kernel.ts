/**
 * A virtual kernel that records each call, and that can be asked which descriptors are really
 * ready. The guest gets the same results as without the recording.
 */
import { Eventtype } from "../../host/runtime/abi.js";
import type { Event, Subscription } from "../../host/runtime/kernel.js";
import { Ready } from "../../host/runtime/table/descriptor.js";
import { VirtualKernel } from "../world/kernel.js";
import type { StreamEnd } from "../world/stream.js";
import { CallNotes, toldOf, type Watched } from "./calls.js";

export class RecordingKernel extends VirtualKernel {
  readonly notes = new CallNotes();
  /** Called when the guest begins a wait without a timeout while nothing is ready. */
  onSleep: (() => void) | undefined;

  /** Returns the guest's end of a connection, or whatever else is behind the descriptor. */
  behind(fd: number): StreamEnd | undefined {
    return this.table.find(fd) as StreamEnd | undefined;
  }

  isReady({ fd, type }: Watched): boolean {
    const asked = type === Eventtype.FD_READ ? Ready.IN : Ready.OUT;
    const found = this.table.find(fd);
    return found !== undefined && (found.revents() & (asked | Ready.ERR | Ready.HUP)) !== 0;
  }

  override enter(call: string): void {
    this.notes.begin(call);
    super.enter(call);
  }

  override accept(fd: number, flags: number): number {
    this.#noteBlockingCall(fd);
    return this.notes.accepted(fd, super.accept(fd, flags));
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    this.#noteBlockingCall(fd);
    return this.notes.received(fd, targets, flags, super.recv(fd, targets, flags));
  }

  override send(fd: number, pieces: Uint8Array[]): number {
    return this.notes.passed(fd, pieces, super.send(fd, pieces));
  }

  override read(fd: number, targets: Uint8Array[]): number {
    return this.notes.passed(fd, targets, super.read(fd, targets));
  }

  override write(fd: number, pieces: Uint8Array[]): number {
    return this.notes.passed(fd, pieces, super.write(fd, pieces));
  }

  override close(fd: number): number {
    return this.notes.closed(fd, super.close(fd));
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    const poll = this.notes.polls(subscriptions);
    const from = this.world.now;
    const nobody = !poll.watched.some((one) => this.isReady(one));
    if (nobody && !poll.hasClock && poll.watched.length > 0) this.onSleep?.();
    const events = super.poll(subscriptions);
    poll.waited = this.world.now - from;
    poll.told = toldOf(subscriptions, events).map((one) => ({
      ...one,
      isReady: this.isReady(one),
    }));
    poll.ready = poll.watched.filter((one) => this.isReady(one)).length;
    return events;
  }

  /** Notes a call that reads a descriptor. A wait begins if the call blocks. */
  #noteBlockingCall(fd: number): void {
    this.notes.call.fd = fd;
    const found = this.table.find(fd);
    if (found === undefined || found.nonBlocking) return;
    if (!this.isReady({ fd, type: Eventtype.FD_READ })) this.onSleep?.();
  }
}
