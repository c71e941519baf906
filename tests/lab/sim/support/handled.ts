/** Plays the guest's part in tests of the model: handles input line by line. */
import type { ChatModel } from "../../../../lab/sim/model/chat.js";
import { LineSplitter } from "../../../../lab/sim/model/line_splitter.js";

/** A client writes `text`, and all of its lines are dealt with at once. */
export function handle(model: ChatModel<string>, fd: number, text: string): void {
  const bytes = Buffer.from(text);
  model.received(fd, bytes);
  for (const { kind, bytes: line } of new LineSplitter(model.settings.maxLine).split(bytes)) {
    model.lineBegins(fd, kind, kind === "line" ? line : undefined);
    model.lineEnds();
  }
}
