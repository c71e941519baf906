/** `<poll-race>`: runs the same clients with each of the four models of I/O. */
import { html } from "../../lab/explore/markup.js";
import { MODELS, raceScript } from "../../lab/explore/race.js";
import { record } from "../../lab/explore/record.js";
import { Figure } from "./figure.js";
import { loadProgram } from "./programs.js";
import { raceMarkup } from "./race_markup.js";

/** The orders in which the three clients may speak. */
const ORDERS = ["0,1,2", "1,2,0", "2,1,0"];

const LABELS = {
  en: { who: "They speak in this order:", client: (one: number) => `${one + 1}` },
  zh: { who: "他们说话的次序：", client: (one: number) => `${one + 1}` },
};

export class PollRace extends Figure {
  override async begin(): Promise<void> {
    const { module } = await loadProgram("io_models");
    const labels = LABELS[this.language];
    const first = this.getAttribute("order") ?? ORDERS[1] ?? "";
    const options = ORDERS.map((one) => {
      const text = one
        .split(",")
        .map((client) => labels.client(Number(client)))
        .join(", ");
      return one === first
        ? html`<option value="${one}" selected>${text}</option>`
        : html`<option value="${one}">${text}</option>`;
    });
    this.root.innerHTML = html`<section class="plot">
      <div class="bar">
        <label
          >${labels.who}
          <select>
            ${options}
          </select></label
        >
      </div>
      <div class="result" role="status"></div>
    </section>`.text;
    const run = (text: string) => {
      const order = text.split(",").map(Number);
      const runs = MODELS.map((model) => record(module, raceScript(model, order)));
      this.inner("result").innerHTML = raceMarkup(runs, this.language).text;
    };
    const select = this.root.querySelector("select");
    select?.addEventListener("change", () => run(select.value));
    run(first);
    this.dataset["ready"] = "yes";
  }
}
