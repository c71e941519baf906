/** What every figure is: an element with a shadow root, so that no page's style reaches in or out. */
import type { Language } from "../../lab/explore/words.js";
import { labelsOf } from "./labels.js";
import css from "./figure.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export abstract class Figure extends HTMLElement {
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");

  get root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: "open" });
  }

  get language(): Language {
    return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  }

  /** Whether nothing is to move by itself. */
  get isStill(): boolean {
    return this.#still.matches;
  }

  abstract begin(): Promise<void>;

  /** What was there without a script, the picture, stays until the figure can be drawn. */
  async connectedCallback(): Promise<void> {
    if (this.shadowRoot !== null) return;
    this.root.adoptedStyleSheets = [sheet];
    this.root.innerHTML = "<slot></slot>";
    try {
      await this.begin();
    } catch (error) {
      const note = document.createElement("p");
      note.setAttribute("role", "alert");
      note.textContent = `${labelsOf(this.language).failed} ${String(error)}`;
      this.root.replaceChildren(note, document.createElement("slot"));
      this.dataset["failed"] = String(error);
    }
  }

  /** The part with this class. */
  inner(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`.${name}`);
    if (found === null) throw new Error(`the figure has no ${name}`);
    return found;
  }
}
