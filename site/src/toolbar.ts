/** The buttons of the stage. */
import { html, type Markup } from "../../lab/explore/markup.js";
import type { Script } from "../../lab/explore/script.js";
import type { Labels } from "./labels.js";

/** Renders the toolbar. @param of the stage's element, which names the programs and hosts */
export function toolbar(of: HTMLElement, script: Script, labels: Labels): Markup {
  const programs = of.getAttribute("programs")?.split(" ") ?? [];
  const name = [script.program, ...script.words].join(":");
  const hosts = [
    [`echo@exact`, labels.exact],
    [`echo@wasmtime-36`, labels.lying],
  ] as const;
  return html`<div class="bar" role="group" aria-label="${labels.tools}">
    ${
      programs.length > 0 &&
      html`<label
        >${labels.program}
        <select data-choose="program">
          ${programs.map((one) => option(one, one.replace(":", " "), one === name))}
        </select></label
      >`
    }
    ${
      of.hasAttribute("hosts") &&
      html`<label
        >${labels.host}
        <select data-choose="host">
          ${hosts.map(([value, text]) => option(value, text, value.endsWith(`@${script.host}`)))}
        </select></label
      >`
    }
    <span class="buttons">
      ${button("start", "|◀", labels.start)}${button("back", "◀", labels.back)}
      ${button("play", "▶", labels.playHelp)}${button("next", "▶|", labels.next)}
      ${button("wait", "▶▶|", labels.wait)}</span
    >
    <label
      >${labels.speed} <input type="range" class="speed" min="0.2" max="1.8" step="0.1" value="1"
    /></label>
    <span class="buttons more"
      ><button type="button" data-do="link">${labels.link}</button
      ><button type="button" data-do="reset">${labels.reset}</button></span
    >
  </div>`;
}

function button(does: string, sign: string, help: string): Markup {
  return html`<button type="button" data-do="${does}" title="${help}" aria-label="${help}">
    ${sign}
  </button>`;
}

function option(value: string, text: string, isChosen: boolean): Markup {
  return isChosen
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`;
}
