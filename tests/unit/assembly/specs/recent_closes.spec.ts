import { RecentCloses, RECENT_CLOSES_KEPT } from "../../../../assembly/chat/admin/recent_closes";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { same, sameNumber, SECOND } from "./support/steps";

export function nobody_is_nobody(): void {
  same(new RecentCloses().text(0), "nobody has been closed yet\n");
}

export function each_has_a_name_a_reason_and_a_time(): void {
  const recentCloses = new RecentCloses();
  recentCloses.add("ann", "", CloseReason.QUIT, 2 * SECOND);
  recentCloses.add("bob", "203.0.113.7:5", CloseReason.KICKED, 3 * SECOND);
  recentCloses.add("203.0.113.8:6", "203.0.113.8:6", CloseReason.LEFT, 3 * SECOND);
  const wanted = "ann: quit, 3 s ago\nbob from 203.0.113.7:5: kicked, 2 s ago\n";
  same(recentCloses.text(5 * SECOND), wanted + "203.0.113.8:6: left, 2 s ago\n");
}

export function the_newest_are_kept(): void {
  const recentCloses = new RecentCloses();
  for (let i = 0; i < RECENT_CLOSES_KEPT + 2; i++)
    recentCloses.add(`p${i}`, "", CloseReason.LEFT, 0);
  const lines = recentCloses.text(0).split("\n");
  sameNumber(lines.length, RECENT_CLOSES_KEPT + 1);
  same(lines[0], "p2: left, 0 s ago");
}
