/** The prefixes of members of a channel: `@` for operators, `+` for those with a voice. */
import { Membership } from "../rooms/room";

/** Returns the prefixes of a member. @param all true for all of them, false for the highest */
export function prefixOf(member: Membership, all: bool): string {
  if (!member.isOperator) return member.isVoiced ? "+" : "";
  return all && member.isVoiced ? "@+" : "@";
}
