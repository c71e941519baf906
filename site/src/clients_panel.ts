/**
 * The panel of the clients: the lines that each client has sent and received, and buttons for what
 * it can do now. It is built once and then updated, so that typed text is not lost.
 */
import { html } from "../../lab/explore/markup.js";
import type { Deed } from "../../lab/explore/script.js";
import { wordsOf, type Language } from "../../lab/explore/words.js";
import { labelsOf, type Labels } from "./labels.js";
import { clientView, type Shown } from "./panels.js";

export class ClientsPanel {
  readonly #forms: HTMLFormElement[];
  readonly #labels: Labels;

  constructor(
    host: HTMLElement,
    count: number,
    language: Language,
    private readonly act: (does: Deed, client: number, text: string) => void,
  ) {
    this.#labels = labelsOf(language);
    const labels = this.#labels;
    const cards = Array.from({ length: count }, (_, client) => {
      const name = wordsOf(language).client(client);
      return html`<form class="client c${client % 3}" data-client="${client}">
        <div class="head">
          <b>${name}</b> <span class="state"></span>
          <span class="deeds">
            <button type="button" data-deed="connect" aria-label="${name}: ${labels.connect}">
              ${labels.connect}
            </button>
            <button type="button" data-deed="pause" aria-label="${name}: ${labels.stopReading}">
              ${labels.stopReading}
            </button>
            <button type="button" data-deed="resume" aria-label="${name}: ${labels.readAgain}">
              ${labels.readAgain}
            </button>
            <button type="button" data-deed="end" aria-label="${name}: ${labels.hangUp}">
              ${labels.hangUp}
            </button></span
          >
        </div>
        <pre class="screen" tabindex="0" role="log" aria-live="off" aria-label="${name}"></pre>
        <div class="wire"></div>
        <input
          type="text"
          placeholder="${labels.type}"
          aria-label="${labels.says(client)}"
          autocomplete="off"
          maxlength="400"
        />
      </form>`;
    });
    host.innerHTML = html`<p class="title">${labels.clients}</p>
      ${cards}`.text;
    this.#forms = [...host.querySelectorAll("form")];
    for (const [client, form] of this.#forms.entries()) this.#listen(form, client);
  }

  #listen(form: HTMLFormElement, client: number): void {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = form.querySelector("input");
      if (input === null || input.value === "") return;
      const text = `${input.value}\n`;
      input.value = "";
      this.act("write", client, text);
    });
    form.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-deed]");
      if (button === null) return;
      this.act(button.dataset["deed"] as Deed, client, "");
      // The button may have disappeared: the focus stays with this client.
      form.querySelector<HTMLElement>("input:enabled, button:not([hidden])")?.focus();
    });
  }

  /** Clears text that was typed but not sent. */
  forget(): void {
    for (const form of this.#forms) form.reset();
  }

  draw(shown: Shown): void {
    for (const [client, form] of this.#forms.entries()) {
      const view = clientView(shown, client);
      const part = (name: string) => form.querySelector<HTMLElement>(`.${name}`);
      const [state, screen, wire] = [part("state"), part("screen"), part("wire")];
      const input = form.querySelector("input");
      if (state === null || screen === null || wire === null || input === null) continue;
      state.textContent = view.isDeaf ? `${view.state}, ${this.#labels.isDeaf}` : view.state;
      screen.innerHTML = view.screen.text;
      screen.scrollTop = screen.scrollHeight;
      wire.innerHTML = view.wire.text;
      input.disabled = !view.isHere;
      const visible: Record<string, boolean> = {
        connect: view.isNew,
        pause: view.isHere && !view.isDeaf,
        resume: view.isHere && view.isDeaf,
        end: view.isHere,
      };
      for (const button of form.querySelectorAll<HTMLElement>("[data-deed]"))
        button.hidden = !visible[button.dataset["deed"] ?? ""];
    }
  }
}
