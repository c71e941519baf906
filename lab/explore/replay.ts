/** Prints the run of a link as text: a sentence for each moment that a page shows, and the hash. */
import type { WasmModule } from "../../host/runtime/webassembly.js";
import type { Recording } from "./moment.js";
import { record } from "./record.js";
import { scriptOf } from "./script.js";
import { shownOf } from "./view.js";
import { say, timeOf, type Language } from "./words.js";

const TIME_COLUMNS = 10;

/**
 * @param link see script.ts
 * @param moduleOf returns the module of a program by its name
 * @returns lines without their ends
 * @throws BadLink, and the errors of `moduleOf`
 */
export function replay(
  link: string,
  moduleOf: (program: string) => WasmModule,
  language: Language,
): string[] {
  const script = scriptOf(link);
  const recording = record(moduleOf(script.program), script);
  const lines = shownOf(recording).map(
    (moment) => `${timeOf(moment.at).padStart(TIME_COLUMNS)}  ${say(moment, language)}`,
  );
  const calls = language === "zh" ? "次宿主调用" : "host calls";
  const trace = language === "zh" ? "轨迹" : "trace";
  return [...lines, `${trace} ${recording.hash}, ${recording.calls} ${calls}, ${endOf(recording)}`];
}

function endOf({ outcome, spins }: Recording): string {
  if (spins) return "stopped: it spins";
  if (outcome.kind === "exit") return `ended with ${outcome.exitCode}`;
  return outcome.kind === "trap" ? `trapped: ${outcome.trap}` : outcome.reason;
}
