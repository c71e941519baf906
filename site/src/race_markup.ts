/** Renders the table of the race, for the pages and for the pictures of the build. */
import { html, type Markup } from "../../lab/explore/markup.js";
import type { Recording } from "../../lab/explore/moment.js";
import { finishes, vainCalls } from "../../lab/explore/race.js";
import { timeOf, wordsOf, type Language } from "../../lab/explore/words.js";

const LABELS = {
  en: {
    model: "model",
    answered: (who: string) => `${who} is answered`,
    never: "never",
    after: (time: string) => `after ${time}`,
    calls: "host calls",
    vain: "of them in vain",
  },
  zh: {
    model: "模型",
    answered: (who: string) => `${who} 得到回答`,
    never: "没有",
    after: (time: string) => `${time} 后`,
    calls: "宿主调用",
    vain: "其中落空的",
  },
};
const MICROSECOND_NS = 1000;

export function raceMarkup(runs: readonly Recording[], language: Language): Markup {
  const labels = LABELS[language];
  const { client: nameOf } = wordsOf(language);
  const rows = runs.map((run) => {
    const cells = finishes(run).map(({ answered }) =>
      answered === undefined
        ? html`<td class="never">${labels.never}</td>`
        : html`<td>${labels.after(timeOf(answered * MICROSECOND_NS))}</td>`,
    );
    return html`<tr>
      <th scope="row">${run.script.words[0]}</th>
      ${cells}
      <td class="number">${run.calls}</td>
      <td class="number">${vainCalls(run)}</td>
    </tr>`;
  });
  const heads = [0, 1, 2].map(
    (client) => html`<th scope="col">${labels.answered(nameOf(client))}</th>`,
  );
  return html`<div class="wide" tabindex="0" role="group" aria-label="${labels.model}">
    <table>
      <thead>
        <tr>
          <th scope="col">${labels.model}</th>
          ${heads}
          <th scope="col" class="number">${labels.calls}</th>
          <th scope="col" class="number">${labels.vain}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
