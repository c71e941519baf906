/**
 * `<poll-bet answer="2">` with a question, an `<ol>` of choices, and `<details>` with the reason.
 * The reader chooses before the reason is shown. Without JavaScript, all of it is shown.
 */
import { html } from "../../lab/explore/markup.js";
import { Figure } from "./figure.js";

const LABELS = {
  en: { right: "Right.", wrong: "No." },
  zh: { right: "对。", wrong: "不对。" },
};

export class PollBet extends Figure {
  override begin(): Promise<void> {
    const labels = LABELS[this.language];
    const answer = Number(this.getAttribute("answer"));
    const [list, details] = [this.querySelector("ol"), this.querySelector("details")];
    const choices = [...(list?.children ?? [])].map((one) => one.textContent.trim());
    list?.remove();
    details?.remove();
    const reason = details?.cloneNode(true) as HTMLElement | undefined;
    reason?.querySelector("summary")?.remove();
    this.root.innerHTML = html`<section class="plot">
      <slot></slot>
      <ol class="choices">
        ${choices.map(
          (text, at) =>
            html`<li><button type="button" data-choice="${at + 1}">${text}</button></li>`,
        )}
      </ol>
      <div class="reason" role="status"></div>
    </section>`.text;
    const buttons = [...this.root.querySelectorAll<HTMLButtonElement>("[data-choice]")];
    for (const button of buttons)
      button.addEventListener("click", () => {
        const isRight = Number(button.dataset["choice"]) === answer;
        for (const one of buttons)
          one.classList.toggle("right", Number(one.dataset["choice"]) === answer);
        button.classList.toggle("wrong", !isRight);
        const first = document.createElement("b");
        first.textContent = isRight ? labels.right : labels.wrong;
        this.inner("reason").replaceChildren(first, ...(reason?.cloneNode(true).childNodes ?? []));
      });
    this.dataset["ready"] = "yes";
    return Promise.resolve();
  }
}
