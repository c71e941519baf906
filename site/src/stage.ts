/**
 * `<poll-stage run="echo,1000c0,4000w0hello%0A">`: a run of a program. The reader can step forward
 * and back, and act as its clients. Attributes: `run`, the script in the form of links; `at`, the
 * moment where it begins; `show`, its panels; `programs` and `hosts`, the choices of the toolbar;
 * `clients`, their number; `puzzle`, a task.
 */
import { html } from "../../lab/explore/markup.js";
import { PUZZLES, type PuzzleName } from "../../lab/explore/puzzles.js";
import { linkOf, scriptOf, type Deed, type Script } from "../../lab/explore/script.js";
import { COLUMN } from "../../lab/explore/score.js";
import { say } from "../../lab/explore/words.js";
import { ClientsPanel } from "./clients_panel.js";
import { Figure } from "./figure.js";
import { flights, positions } from "./flight.js";
import { labelsOf } from "./labels.js";
import * as panels from "./panels.js";
import { Player } from "./player.js";
import { loadProgram } from "./programs.js";
import { ScorePanel } from "./score_panel.js";
import { placeOf, Session } from "./session.js";
import { toolbar } from "./toolbar.js";

const ALL_PANELS = "clients kernel memory code score facts";

export class PollStage extends Figure {
  #session: Session | undefined;
  #player = new Player({
    step: () => this.#step(),
    toEnd: () => this.#toEnd(),
    changed: (plays) => this.#playing(plays),
    slowness: () => this.#slowness,
  });
  #clients: ClientsPanel | undefined;
  #first: Script = { program: "echo", words: [], host: "exact", acts: [] };
  #slowness = 1;
  #score: ScorePanel | undefined;

  get session(): Session {
    if (this.#session === undefined) throw new Error("the stage has not begun");
    return this.#session;
  }

  #shows(panel: string): boolean {
    return (this.getAttribute("show") ?? ALL_PANELS).split(" ").includes(panel);
  }

  override async begin(): Promise<void> {
    this.#first = scriptOf(this.getAttribute("run") ?? "echo");
    const shared = new URL(location.href).hash;
    const takesLink = this.hasAttribute("linked") && shared.startsWith("#run=");
    const script = takesLink ? scriptOf(shared) : this.#first;
    this.#session = new Session(await loadProgram(script.program), script);
    this.#build();
    this.session.seek(placeOf(this.session.shown, this.getAttribute("at") ?? "start"));
    this.#draw();
  }

  #build(): void {
    const labels = labelsOf(this.language);
    const has = (panel: string) => this.#shows(panel);
    const panel = (name: string) => has(name) && html`<div class="${name}"></div>`;
    this.root.innerHTML = html`<section
      class="stage"
      tabindex="0"
      role="group"
      aria-label="${labels.stage}"
    >
      ${toolbar(this, this.session.script, labels)}
      <p class="sentence" role="status"></p>
      ${this.hasAttribute("puzzle") && html`<p class="verdict" role="status"></p>`}
      <div class="panels">
        ${panel("clients")}
        <div class="middle">
          ${panel("kernel")}${panel("keys")}${panel("memory")}${panel("log")}
        </div>
        ${panel("code")}
      </div>
      ${
        has("score") &&
        html`<div class="score">
          <svg class="labels" aria-hidden="true"></svg>
          <div class="scroll" tabindex="0" role="group" aria-label="${labels.slider}">
            <svg class="marks" role="img"></svg>
          </div>
          <input type="range" class="scrub" min="0" aria-label="${labels.slider}" />
          <details>
            <summary>${LEGEND[this.language]}</summary>
            <p>${labels.legend}</p>
          </details>
        </div>`
      }
      ${has("facts") && html`<p class="facts"></p>`}
      <p class="note" role="status"></p>
    </section>`.text;
    if (has("clients")) {
      const count = Number(this.getAttribute("clients") ?? 3);
      const act = (does: Deed, client: number, text: string) => this.act(does, client, text);
      this.#clients = new ClientsPanel(this.inner("clients"), count, this.language, act);
    }
    if (has("score")) this.#score = new ScorePanel(this.inner("score"));
    if (has("code")) this.inner("code").innerHTML = panels.sourcePanel(this.#shown).text;
    this.#listen();
  }

  get #shown(): panels.Shown {
    return { session: this.session, language: this.language };
  }

  #listen(): void {
    const keys: Record<string, () => void> = {
      ArrowRight: () => this.seek(this.session.cursor + 1),
      ArrowLeft: () => this.seek(this.session.cursor - 1),
      Home: () => this.seek(0),
      End: () => this.seek(Infinity),
      " ": () => this.#toggle(),
      w: () => this.#toWait(),
    };
    const buttons: Record<string, () => void> = {
      start: () => this.seek(0),
      back: () => this.seek(this.session.cursor - 1),
      play: () => this.#toggle(),
      next: () => this.seek(this.session.cursor + 1),
      wait: () => this.#toWait(),
      reset: () => void this.#choose(this.#first),
      link: () => this.#link(),
    };
    this.inner("stage").addEventListener("keydown", (event) => {
      if ((event.target as Element).matches("input, select, button, summary")) return;
      const found = keys[event.key];
      if (found === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      found();
    });
    this.root.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      buttons[button?.dataset["do"] ?? ""]?.();
    });
    this.root.addEventListener("change", (event) => {
      const { dataset, value } = event.target as HTMLSelectElement;
      const { script } = this.session;
      if (dataset["choose"] === "program") void this.#choose({ ...script, ...nameOf(value) });
      if (dataset["choose"] === "host")
        void this.#choose({ ...script, host: scriptOf(value).host });
    });
    this.root.addEventListener("input", (event) => {
      const { classList, value } = event.target as HTMLInputElement;
      if (classList.contains("scrub")) this.seek(Number(value));
      if (classList.contains("speed")) this.#slowness = 2 - Number(value);
    });
    this.root.querySelector(".marks")?.addEventListener("click", (event) => {
      const { left } = this.inner("marks").getBoundingClientRect();
      this.seek(Math.floor(((event as MouseEvent).clientX - left) / COLUMN));
    });
  }

  /** Adds an act of a client at the shown moment, and plays the run from there. */
  act(does: Deed, client: number, text = ""): void {
    this.session.act(does, client, text);
    if (!this.isStill) this.#draw();
    this.#player.play(this.isStill);
  }

  seek(to: number): void {
    this.#player.stop();
    this.session.seek(to);
    this.#draw();
  }

  #toWait(): void {
    this.#player.stop();
    this.session.seekWait();
    this.#draw();
  }

  #toggle(): void {
    if (this.#player.plays) {
      this.#player.stop();
      return;
    }
    if (this.session.isAtEnd) this.session.seek(0);
    this.#player.play(this.isStill);
  }

  /** Shows the next moment. @returns its kind; undefined at the end */
  #step(): string | undefined {
    if (this.session.isAtEnd) return undefined;
    this.session.seek(this.session.cursor + 1);
    this.#draw();
    const { kind, role = "other" } = this.session.moment;
    return kind === "call" ? role : kind;
  }

  #toEnd(): void {
    this.session.seek(Infinity);
    this.#draw();
  }

  async #choose(script: Script): Promise<void> {
    this.#player.stop();
    const changes = script.program !== this.session.script.program;
    this.#session = new Session(await loadProgram(script.program), script);
    if (this.#shows("code") && changes)
      this.inner("code").innerHTML = panels.sourcePanel(this.#shown).text;
    for (const one of this.root.querySelectorAll<HTMLSelectElement>("select[data-choose]"))
      one.value =
        one.dataset["choose"] === "host"
          ? `echo@${script.host}`
          : [script.program, ...script.words].join(":");
    this.#clients?.forget();
    this.session.seek(placeOf(this.session.shown, this.getAttribute("at") ?? "start"));
    this.#draw();
  }

  #link(): void {
    location.hash = `run=${linkOf(this.session.script)}`;
    void (navigator.clipboard as Clipboard | undefined)
      ?.writeText(location.href)
      .catch(() => undefined);
    this.inner("note").textContent = labelsOf(this.language).linked;
  }

  #playing(plays: boolean): void {
    const labels = labelsOf(this.language);
    const button = this.root.querySelector<HTMLElement>('[data-do="play"]');
    if (button !== null) {
      button.textContent = plays ? "❚❚" : "▶";
      button.setAttribute("aria-label", plays ? labels.pause : labels.play);
    }
    // While a run plays, a screen reader would read without end.
    this.inner("sentence").setAttribute("aria-live", plays ? "off" : "polite");
    if (!plays) this.inner("sentence").textContent = say(this.session.moment, this.language);
  }

  #draw(): void {
    const { moment, recording, cursor, shown } = this.session;
    const from = this.isStill ? undefined : positions(this.root);
    this.inner("sentence").textContent = say(moment, this.language);
    this.#clients?.draw(this.#shown);
    for (const [name, draw] of Object.entries(PANELS))
      if (this.#shows(name)) this.inner(name).innerHTML = draw(this.#shown).text;
    if (this.#shows("code")) this.#drawCode();
    this.#score?.draw(this.#shown);
    this.#judge();
    if (from !== undefined) flights(this.root, from);
    Object.assign(this.dataset, { ready: "yes", hash: recording.hash, moment: moment.hash });
    Object.assign(this.dataset, { link: linkOf(recording.script), cursor, moments: shown.length });
  }

  #judge(): void {
    const name = this.getAttribute("puzzle") as PuzzleName | null;
    if (name === null) return;
    const labels = labelsOf(this.language);
    const { done, value } = PUZZLES[name].judge(this.session.recording);
    const text = labels.puzzle[name](value) + (done ? ` ✓ ${labels.solved}` : "");
    this.inner("verdict").textContent = text;
    this.inner("verdict").classList.toggle("done", done);
  }

  #drawCode(): void {
    const { stack, line } = panels.stackOf(this.#shown);
    this.inner("stack").innerHTML = stack.text;
    const source = this.inner("source");
    source.querySelector(".now")?.classList.remove("now");
    const found = source.querySelector<HTMLElement>(`[data-line="${line}"]`);
    found?.classList.add("now");
    if (found === null) return;
    source.scrollTop = found.offsetTop - source.offsetTop - source.clientHeight / 3;
  }
}

const LEGEND = { en: "What the signs mean", zh: "符号说明" };

const PANELS = {
  kernel: panels.kernelPanel,
  keys: panels.keysPanel,
  memory: panels.memoryPanel,
  log: panels.logPanel,
  facts: panels.factsPanel,
};

function nameOf(value: string): Pick<Script, "program" | "words"> {
  const { program, words } = scriptOf(value);
  return { program, words };
}
