/**
 * Reports the state of the journal, as text for operators and as an object for the launcher's
 * metrics.
 */
import { Journal } from "../../journal/journal";
import { countText } from "../../text/count_text";
import { JsonObject } from "../../text/json";

export function journalText(journal: Journal): string {
  const state = journal.isWriting ? "" : `: NOT WRITTEN, ${journal.trouble}`;
  const segments = countText(journal.segments.length, "segment");
  return `${countText(journal.bytes, "byte")} in ${segments}${state}`;
}

export function journalJson(journal: Journal): string {
  return new JsonObject()
    .json("writing", journal.isWriting ? "true" : "false")
    .number("bytes", journal.bytes)
    .number("segments", journal.segments.length)
    .number("failures", journal.failures)
    .text("trouble", journal.trouble)
    .toString();
}
