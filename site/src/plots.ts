/** `<poll-spin>` and `<poll-scale>`: charts. Each point is a run of a shipped module. */
import { html } from "../../lab/explore/markup.js";
import {
  CROWDS,
  crowdOrder,
  crowdRow,
  SPINNERS,
  spinOrder,
  WAYS,
  type Way,
} from "../../lab/explore/lessons.js";
import type { Counted } from "../../lab/explore/count.js";
import { WIDEST } from "./chart.js";
import { counted } from "./counter.js";
import { Figure } from "./figure.js";
import { scaleMarkup, spinMarkup } from "./plot_markup.js";

/** The padding and the border of a figure on both sides, in pixels. */
const BORDER_PX = 26;

const LABELS = {
  en: {
    clients: "Clients",
    count: "Count their calls",
    real: "Run the real server, too (100 KB more)",
    table: "The same as a table",
  },
  zh: {
    clients: "客户端",
    count: "数一数它们的调用",
    real: "也运行真正的服务器（再载入 100 KB）",
    table: "同样的数字，表格形式",
  },
};

abstract class Plot extends Figure {
  /** The width for a chart within the figure's border, in pixels. */
  get width(): number {
    return Math.min(WIDEST, this.clientWidth - BORDER_PX);
  }
}

export class PollSpin extends Plot {
  #clients = 20;
  #programs: string[] = [...SPINNERS];

  /** Shows only a button at first, so that the reader can guess the result. */
  override begin(): Promise<void> {
    const label = LABELS[this.language].count;
    this.root.innerHTML = html`<section class="plot">
      <button type="button" class="count">${label}</button>
    </section>`.text;
    const button = this.inner("count") as HTMLButtonElement;
    button.addEventListener("click", () => {
      button.disabled = true;
      void this.#count();
    });
    this.dataset["ready"] = "yes";
    return Promise.resolve();
  }

  /** Counts the runs, and keeps the focus in the figure. */
  #count(): Promise<void> {
    return this.attempt(async () => {
      await this.#run();
      this.root.querySelector("input")?.focus();
    });
  }

  async #run(): Promise<void> {
    const labels = LABELS[this.language];
    const runs = [];
    for (const program of this.#programs)
      runs.push({ program, counted: await counted(spinOrder(program, this.#clients)) });
    const { picture, details, sentence } = spinMarkup(
      runs,
      this.#clients,
      this.language,
      this.width,
    );
    const hasReal = this.#programs.includes("chat");
    this.root.innerHTML = html`<section class="plot">
      <div class="bar">
        <label
          >${labels.clients} <input type="range" min="1" max="100" value="${this.#clients}" />
          <output class="number">${this.#clients}</output></label
        >
        ${!hasReal && html`<button type="button" class="real">${labels.real}</button>`}
      </div>
      ${picture}
      <p role="status">${sentence}</p>
      ${details}
    </section>`.text;
    const input = this.root.querySelector("input");
    input?.addEventListener("input", () => (this.inner("number").textContent = input.value));
    input?.addEventListener("change", () => {
      this.#clients = Number(input.value);
      void this.#count();
    });
    this.root.querySelector(".real")?.addEventListener("click", () => {
      this.#programs.push("chat");
      void this.#count();
    });
    this.dataset["counted"] = "yes";
  }
}

export class PollScale extends Plot {
  override async begin(): Promise<void> {
    const labels = LABELS[this.language];
    const rows = [];
    for (const clients of CROWDS) {
      const found: Partial<Record<Way, Counted>> = {};
      for (const way of WAYS) found[way] = await counted(crowdOrder(way, clients));
      rows.push(crowdRow(clients, found as Record<Way, Counted>));
    }
    const { left, right, details, sentence } = scaleMarkup(rows, this.language, this.width);
    this.root.innerHTML = html`<section class="plot">
      <div class="pair">${left}${right}</div>
      <p role="status">${sentence}</p>
      <details>
        <summary>${labels.table}</summary>
        ${details}
      </details>
    </section>`.text;
    this.dataset["ready"] = "yes";
  }
}
