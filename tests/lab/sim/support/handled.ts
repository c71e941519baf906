/** Plays the guest's part in tests of the model: handles input line by line. */
import type { ChatModel } from "../../../../lab/sim/model/chat.js";
import { LineSplitter } from "../../../../lab/sim/model/line_splitter.js";
import { LINE_COST } from "../../../../lab/sim/model/settings.js";

/** Lets a client write `text`, and the guest handle all its lines at once and charge long ones. */
export function handle(model: ChatModel<string>, fd: number, text: string): void {
  const bytes = Buffer.from(text);
  model.received(fd, bytes);
  for (const { kind, bytes: line } of new LineSplitter(model.settings.maxLine).split(bytes)) {
    model.lineBegins(fd, kind, kind === "line" ? line : undefined);
    model.lineEnds();
    const more = Math.floor(line.length / LINE_COST);
    if (more > 0) model.reports.charges(fd, more);
  }
}
