/** Renders what only IRC has. Other protocols tell their clients nothing of it. */
import { User } from "../users/user";

export abstract class IrcDeedRenderer {
  /** Returns an {@link IrcEvent} as lines; empty if the client is not told. */
  renderIrcDeed(_user: User, _deed: string, _needs: u32, _tags: string): string {
    return "";
  }
}
