/**
 * The services that all connections of a server share: the loop, the limits, the addresses, and the
 * check for silent clients.
 */
import { Loop } from "../../loop/loop";
import { AddressRegistry } from "../rate/address_registry";
import { ConnectionLimits } from "./connection_limits";
import { IdleChecked, IdleScan } from "./idle_scan";

export abstract class ConnectionServices implements IdleChecked {
  addresses: AddressRegistry;
  idleScan!: IdleScan;

  constructor(
    public loop: Loop,
    public limits: ConnectionLimits,
  ) {
    this.addresses = new AddressRegistry(loop, limits);
    this.idleScan = new IdleScan(loop, this);
  }

  abstract checkIdle(): u64;
}
