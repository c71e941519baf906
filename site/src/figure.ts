/** The base class of all figures: an element with a shadow root, so that styles do not mix. */
import type { Language } from "../../lab/explore/words.js";
import { labelsOf } from "./labels.js";
import figureCss from "./figure.css";
import narrowCss from "./narrow.css";
import plotCss from "./plot.css";
import scoreCss from "./score.css";
import stageCss from "./stage.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(figureCss + stageCss + scoreCss + plotCss + narrowCss);

export abstract class Figure extends HTMLElement {
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");

  get root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: "open" });
  }

  get language(): Language {
    return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  }

  /** True if the reader prefers reduced motion: then nothing moves by itself. */
  get isStill(): boolean {
    return this.#still.matches;
  }

  abstract begin(): Promise<void>;

  /**
   * Loads and begins the figure when it scrolls into view. The picture for pages without JavaScript
   * stays until the figure is drawn.
   */
  connectedCallback(): void {
    if (this.shadowRoot !== null) return;
    this.root.adoptedStyleSheets = [sheet];
    this.root.innerHTML = "<slot></slot>";
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watcher.disconnect();
      void this.attempt(() => this.begin());
    });
    watcher.observe(this);
  }

  /** Runs a step of the figure. If it fails, the error is shown in place of the figure. */
  protected async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const note = document.createElement("p");
      note.setAttribute("role", "alert");
      note.textContent = `${labelsOf(this.language).failed} ${String(error)}`;
      this.root.replaceChildren(note, document.createElement("slot"));
      this.dataset["failed"] = String(error);
    }
  }

  /** Returns the element with this class. */
  inner(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`.${name}`);
    if (found === null) throw new Error(`the figure has no ${name}`);
    return found;
  }
}
