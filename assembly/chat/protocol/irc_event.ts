/** An event that only IRC has. Clients of other protocols get nothing. */
import { User } from "../users/user";
import { ChatEvent, EventRenderer } from "./events";

export class IrcEvent extends ChatEvent {
  constructor(
    public user: User,
    /** The rest of a line, which says what the user does: `AWAY :lunch`. */
    public deed: string,
    /** The capability that a client needs to be told; 0: none. */
    public needs: u32,
    /** Tags that clients with message-tags get, without `@`; empty for none. */
    public tags: string = "",
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderIrcDeed(this.user, this.deed, this.needs, this.tags);
  }
}
