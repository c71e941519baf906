/** The panel that shows a run as a row of moments, with a slider. A new run redraws the panel. */
import { html } from "../../lab/explore/markup.js";
import { COLUMN, Score } from "../../lab/explore/score.js";
import { say, wordsOf } from "../../lab/explore/words.js";
import { labelsOf } from "./labels.js";
import type { Shown } from "./panels.js";

/** A shown moment nearer to an edge than this is scrolled to the middle, in pixels. */
const EDGE_PX = 50;

export class ScorePanel {
  #drawn = "";

  constructor(private readonly host: HTMLElement) {}

  draw({ session, language }: Shown): void {
    const labels = labelsOf(language);
    const { shown, cursor, recording, moment } = session;
    const [marks, names, scroll, scrub] = [
      this.host.querySelector<SVGElement>(".marks"),
      this.host.querySelector<SVGElement>(".labels"),
      this.host.querySelector<HTMLElement>(".scroll"),
      this.host.querySelector<HTMLInputElement>(".scrub"),
    ];
    if (marks === null || names === null || scroll === null || scrub === null) return;
    const score = new Score(shown, {
      client: wordsOf(language).client,
      ...{ listener: labels.listenerShort, console: labels.stdinShort },
    });
    const key = `${recording.hash} ${shown.length}`;
    if (this.#drawn !== key) {
      this.#drawn = key;
      names.innerHTML = score.labels().text;
      names.style.height = `${score.height}px`;
      marks.innerHTML = html`${score.marks()}
        <rect class="cursor" y="1" width="${COLUMN}" height="${score.height - 2}" rx="4" />`.text;
      marks.setAttribute("aria-label", labels.moments(shown.length));
      marks.style.cssText = `width:${score.width}px;height:${score.height}px`;
      scrub.max = String(shown.length - 1);
    }
    const x = score.x(cursor);
    marks.querySelector(".cursor")?.setAttribute("x", String(x - COLUMN / 2));
    const [from, to] = [scroll.scrollLeft, scroll.scrollLeft + scroll.clientWidth];
    if (x < from + EDGE_PX || x > to - EDGE_PX) scroll.scrollLeft = x - scroll.clientWidth / 2;
    scrub.value = String(cursor);
    const where = labels.moment(cursor + 1, shown.length);
    scrub.setAttribute("aria-valuetext", `${where}: ${say(moment, language)}`);
  }
}
