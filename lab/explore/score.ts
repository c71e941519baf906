/**
 * Draws a run with a column for each moment, and a row for each client and each descriptor. The
 * output is text, so that the page and the build draw the same.
 */
import { html, type Markup } from "./markup.js";
import type { Moment } from "./moment.js";

export const COLUMN = 22;
const ROW = 20;
const TOP = 22;
const LEFT = 14;
/** The descriptors of the program's log, which are not drawn. */
const LOGS = [1, 2];

const HAPPENING_GLYPHS: Record<string, string> = {
  ...{ connect: "+", write: "▸", arrived: "▾", received: "✓", end: "×", ended: "×" },
  ...{ pause: "‖", resume: "▸", console: "▸" },
};
const CALL_GLYPHS: Record<string, string> = {
  ...{ sock_accept: "◆", sock_recv: "↓", sock_send: "↑", fd_close: "×", fd_read: "↓" },
};

interface Row {
  label: string;
  client: number;
  fd: number;
}

export interface ScoreNames {
  client(client: number): string;
  listener: string;
  console: string;
}

export class Score {
  readonly #rows: Row[];

  constructor(
    private readonly shown: readonly Moment[],
    names: ScoreNames,
  ) {
    const fds = [...new Set(shown.flatMap(({ open }) => open))].sort((one, two) => one - two);
    const nameOf = (fd: number) =>
      fd === 0 ? `0 ${names.console}` : fd === 3 ? `3 ${names.listener}` : String(fd);
    const clients = shown[0]?.counters.length ?? 0;
    this.#rows = [
      ...Array.from({ length: clients }, (_, client) => ({
        ...{ label: names.client(client), client, fd: -1 },
      })),
      ...fds
        .filter((fd) => !LOGS.includes(fd))
        .map((fd) => ({ label: nameOf(fd), client: -1, fd })),
    ];
  }

  get width(): number {
    return this.shown.length * COLUMN + LEFT;
  }

  get height(): number {
    return this.#rows.length * ROW + TOP + 6;
  }

  /** Returns the x coordinate of a column's middle. */
  x(column: number): number {
    return column * COLUMN + LEFT;
  }

  labels(): Markup {
    const texts = this.#rows.map(({ label, client }, at) => {
      const colour = client >= 0 ? `c${client % 3}` : "";
      return html`<text x="2" y="${TOP + at * ROW + 4}" class="${colour}">${label}</text>`;
    });
    return html`${texts}`;
  }

  marks(): Markup {
    const grid = this.#rows.map((_, at) => {
      const y = TOP + at * ROW;
      return html`<line x1="0" x2="${this.width}" y1="${y}" y2="${y}" class="grid" />`;
    });
    return html`${grid}${this.shown.map((moment, column) => this.#column(moment, column))}`;
  }

  #y(fd: number): number {
    return TOP + this.#rows.findIndex((row) => row.fd === fd) * ROW;
  }

  #column(moment: Moment, column: number): Markup {
    const { kind, asleep, call, role, happening, repeat } = moment;
    const x = this.x(column);
    const band = asleep
      ? html`<rect
          x="${x - COLUMN / 2}"
          y="4"
          width="${COLUMN}"
          height="${this.height - 6}"
          class="sleep"
        />`
      : undefined;
    const times =
      repeat > 1 ? html`<text x="${x}" y="10" class="times">×${repeat}</text>` : undefined;
    const end =
      kind === "stop" ? html`<text x="${x}" y="12" class="times stop">∞</text>` : undefined;
    let mark: Markup | undefined;
    if (happening !== undefined) mark = this.#happening(happening, x);
    else if (call?.poll !== undefined && role === "wait") mark = this.#poll(moment, x);
    else if (call !== undefined) mark = this.#call(moment, x);
    return html`${band}${mark}${times}${end}`;
  }

  #happening({ what, client }: NonNullable<Moment["happening"]>, x: number): Markup {
    const y = client < 0 ? this.#y(0) : TOP + client * ROW;
    const colour = client < 0 ? "" : `c${client % 3}`;
    return html`<text x="${x}" y="${y + 5}" class="glyph ${colour}"
      >${HAPPENING_GLYPHS[what]}</text
    >`;
  }

  #call({ call, role, kind, fds }: Moment, x: number): Markup | undefined {
    const fd = call?.fd ?? call?.poll?.watched[0]?.fd ?? -1;
    if (!this.#rows.some((row) => row.fd === fd)) return undefined;
    const known = CALL_GLYPHS[call?.name ?? ""] ?? "·";
    const glyph = kind === "sleep" ? "…" : role === "verify" ? "?" : known;
    const client = fds.indexOf(fd);
    const kinds = `glyph ${call?.name ?? ""} ${client >= 0 ? `c${client % 3}` : ""}`;
    return html`<text x="${x}" y="${this.#y(fd) + 5}" class="${kinds}">${glyph}</text>`;
  }

  /**
   * Draws a wait: a circle for each descriptor watched for reading, a square for writing; filled if
   * it is ready, dashed if the host reports it wrongly.
   */
  #poll({ kind, call }: Moment, x: number): Markup {
    const { watched = [], told = [] } = call?.poll ?? {};
    const ys = watched.map(({ fd }) => this.#y(fd));
    const shapes = watched.map(({ fd, type }) => {
      const event =
        kind === "call" ? told.find((one) => one.fd === fd && one.type === type) : undefined;
      const state = event === undefined ? "" : event.isReady === false ? "claimed" : "ready";
      const isPair = watched.some((one) => one.fd === fd && one.type !== type);
      const y = this.#y(fd);
      return type === 1
        ? html`<circle cx="${isPair ? x - 5 : x}" cy="${y}" r="4.5" class="sub r ${state}" />`
        : html`<rect
            x="${isPair ? x + 1 : x - 4}"
            y="${y - 4}"
            width="8"
            height="8"
            class="sub w ${state}"
          />`;
    });
    return html`<line
        x1="${x}"
        x2="${x}"
        y1="${Math.min(...ys)}"
        y2="${Math.max(...ys)}"
        class="poll"
      />${shapes}`;
  }
}
