/** What the server does between two ticks: it sends what was said, closes and frees. */
import { Task } from "../loop/loop";
import { DeliveryRound } from "./delivery/broadcast_group";
import { UserDirectory } from "./users/user_directory";

export class TickEnd extends Task {
  constructor(
    private round: DeliveryRound,
    private users: UserDirectory,
  ) {
    super();
  }

  run(): void {
    // Not in what is shipped: it looks at everybody.
    if (ASC_OPTIMIZE_LEVEL < 3) this.users.assertConsistent();
    this.round.endTick();
    if (ASC_OPTIMIZE_LEVEL < 3) this.users.assertConsistent();
  }
}
