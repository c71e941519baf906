/** The virtual kernel under a host of components: it tells what is ready, and waits. */
import { Eventtype } from "../../../host/runtime/abi.js";
import { Ready } from "../../../host/runtime/table/descriptor.js";
import { VirtualKernel } from "../kernel.js";
import { Listener } from "../listener.js";
import { StreamEnd } from "../stream.js";
import { PROMPT, type Pace } from "./pace.js";

export class ComponentKernel extends VirtualKernel {
  /** When the host gets round to what it could do. */
  pace: Pace = PROMPT;
  /** Whether a fault has kept back what was ready, in the last look at all. */
  isDelayed = false;

  /** A connection that the component has; undefined if it has been given back. */
  connection(fd: number): StreamEnd | undefined {
    const found = this.table.find(fd);
    return found instanceof StreamEnd ? found : undefined;
  }

  /** Connections that wait to be accepted. */
  waitingAt(fd: number): number {
    const found = this.table.find(fd);
    return found instanceof Listener ? found.waitingCount : 0;
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

  /** Whether a descriptor is ready for `direction`; a fault may keep it back, or make it up. */
  isReady(fd: number, direction: "read" | "write"): boolean {
    const asked = direction === "read" ? Ready.IN : Ready.OUT;
    const seen = this.table.find(fd)?.revents() ?? 0;
    const isOne = (seen & (asked | Ready.ERR | Ready.HUP)) !== 0;
    const type = direction === "read" ? Eventtype.FD_READ : Eventtype.FD_WRITE;
    const isTold = this.faults.onReadiness?.(fd, type, isOne) ?? isOne;
    if (isOne && !isTold) this.isDelayed = true;
    return isTold;
  }

  /** Lets the world go on until `look` is satisfied, or the deadline has come. */
  waitUntil(look: () => boolean, deadline: number): void {
    this.ticks.wait(look, deadline, () => this.isDelayed);
  }
}
