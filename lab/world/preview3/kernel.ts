/** The virtual kernel for components: reports readiness and waits. */
import { Eventtype } from "../../../host/runtime/abi.js";
import { Ready } from "../../../host/runtime/table/descriptor.js";
import { VirtualKernel } from "../kernel.js";
import { Listener } from "../listener.js";
import { StreamEnd } from "../stream.js";
import { PROMPT, type Pace } from "./pace.js";

export class ComponentKernel extends VirtualKernel {
  /** The delays of the host before it completes operations. */
  pace: Pace = PROMPT;
  /** True if a fault has hidden a ready descriptor in the last check. */
  isDelayed = false;

  /** Returns the stream behind a descriptor; undefined if it is no open connection. */
  connection(fd: number): StreamEnd | undefined {
    const found = this.table.find(fd);
    return found instanceof StreamEnd ? found : undefined;
  }

  /** Returns the number of connections that wait to be accepted. */
  waitingAt(fd: number): number {
    const found = this.table.find(fd);
    return found instanceof Listener ? found.waitingCount : 0;
  }

  /** The preopened directories. */
  get directories(): { fd: number; name: string }[] {
    return this.table.fds.flatMap((fd) => {
      const name = this.table.find(fd)?.preopenName;
      return name === undefined ? [] : [{ fd, name }];
    });
  }

  get now(): number {
    return this.world.now;
  }

  /**
   * Returns true if a descriptor is ready for `direction`. A fault may make the result wrong.
   */
  isReady(fd: number, direction: "read" | "write"): boolean {
    const asked = direction === "read" ? Ready.IN : Ready.OUT;
    const seen = this.table.find(fd)?.revents() ?? 0;
    const isOne = (seen & (asked | Ready.ERR | Ready.HUP)) !== 0;
    const type = direction === "read" ? Eventtype.FD_READ : Eventtype.FD_WRITE;
    const isTold = this.faults.onReadiness?.(fd, type, isOne) ?? isOne;
    if (isOne && !isTold) this.isDelayed = true;
    return isTold;
  }

  /** Runs the world until `look` returns true or the deadline (nanoseconds) has come. */
  waitUntil(look: () => boolean, deadline: number): void {
    this.ticks.wait(look, deadline, () => this.isDelayed);
  }
}
