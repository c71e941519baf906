/** MARKREAD of IRC clients. */
import { asks, join } from "./support/irc";

const TIME = "timestamp=2026-01-01T00:00:00.000Z";

export function a_marker_is_for_what_may_be_a_channel_or_a_nick(): void {
  const ann = join("ann", "draft/read-marker");
  assert(asks(ann, `MARKREAD #tea ${TIME}`).endsWith(` MARKREAD #tea ${TIME}`));
  assert(asks(ann, `MARKREAD guest-7f3a ${TIME}`).endsWith(` MARKREAD guest-7f3a ${TIME}`));
  const long = "#" + "x".repeat(400);
  assert(asks(ann, `MARKREAD ${long} ${TIME}`).includes("FAIL MARKREAD INVALID_PARAMS"), "long");
  assert(asks(ann, `MARKREAD ! ${TIME}`).includes("FAIL MARKREAD INVALID_PARAMS"), "a sign");
}
