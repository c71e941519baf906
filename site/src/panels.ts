/** The panels of the stage, each a function of the recording and of the moment that is shown. */
import { lineOf } from "../../lab/explore/code.js";
import { html, type Markup } from "../../lab/explore/markup.js";
import type { Moment, Recording } from "../../lab/explore/moment.js";
import { phaseAt, placeAt, readAt, waitAt } from "../../lab/explore/view.js";
import { timeOf, wordsOf, type Language } from "../../lab/explore/words.js";
import { labelsOf, type Labels } from "./labels.js";
import type { Session } from "./session.js";

/** A panel shows at most this many bytes one by one; it gives only the number of the others. */
const CHIPS_MOST = 30;
const LOG_LINES = 6;
const HASH_DIGITS = 12;
const [STDOUT, STDERR, LISTENER] = [1, 2, 3];

export interface Shown {
  session: Session;
  language: Language;
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Renders bytes of one client. A byte has the same key in each panel, so that it can move. */
function chips(bytes: Uint8Array, way: "in" | "out", client: number, from: number, to: number) {
  const shown = Math.min(to - from, CHIPS_MOST);
  const one = (_: unknown, at: number) => {
    const byte = bytes[from + at] ?? 0;
    const sign =
      byte === 10 ? "⏎" : byte === 32 ? "␣" : byte < 127 ? String.fromCharCode(byte) : "•";
    return html`<i data-key="${way}${client}-${from + at}">${sign}</i>`;
  };
  const rest =
    to - from > shown ? html`<span class="more">+${to - from - shown}</span>` : undefined;
  return html`<span class="chips c${client % 3}"
    >${Array.from({ length: shown }, one)}${rest}</span
  >`;
}

/** A client at one moment: its state, the text that it has received, and bytes on their way. */
export interface ClientView {
  state: string;
  isHere: boolean;
  isNew: boolean;
  isDeaf: boolean;
  screen: Markup;
  wire: Markup;
}

export function clientView({ session, language }: Shown, client: number): ClientView {
  const labels = labelsOf(language);
  const { recording, moment } = session;
  const own = recording.moments
    .slice(0, moment.n + 1)
    .flatMap(({ happening }) => (happening?.client === client ? [happening] : []));
  const did = (what: string) => own.some((one) => one.what === what);
  const isGone = did("end") || did("ended");
  const isHere = did("connect") && !isGone;
  const isDeaf =
    own.filter(({ what }) => what === "pause").length >
    own.filter(({ what }) => what === "resume").length;
  const fd = moment.fds[client] ?? -1;
  const { written, arrived, sent, received } = moment.counters[client] ?? NOTHING;
  const [inbound, outbound] = [recording.inbound[client], recording.outbound[client]];
  const lines = own.map(({ what, text }) => {
    if (what === "write") return html`<span class="mine">${text}</span>`;
    return what === "received" ? html`<span class="theirs">${text}</span>` : undefined;
  });
  const there = written > arrived && inbound !== undefined;
  const back = sent > received && outbound !== undefined;
  return {
    state: isGone
      ? labels.gone
      : !isHere
        ? labels.notConnected
        : fd < 0
          ? labels.queued
          : labels.here(fd),
    ...{ isHere, isNew: own.length === 0, isDeaf },
    screen: html`${lines}`,
    wire: html`${there && html`<span>→ ${chips(inbound, "in", client, arrived, written)}</span>`}
    ${back && html`<span>← ${chips(outbound, "out", client, received, sent)}</span>`}`,
  };
}

const NOTHING = { written: 0, arrived: 0, read: 0, sent: 0, received: 0 };

export function kernelPanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const { moment, recording } = session;
  const wait = waitAt(recording, moment);
  const state = moment.asleep
    ? labels.asleep
    : moment.role === "wait"
      ? labels.returned
      : labels.runs;
  const rows = moment.open
    .filter((fd) => fd !== STDOUT && fd !== STDERR)
    .map((fd) => {
      const client = moment.fds.indexOf(fd);
      const name = client < 0 ? "" : wordsOf(language).client(client);
      const what = fd === 0 ? labels.stdin : fd === LISTENER ? labels.listener : name;
      return html`<tr class="c${client % 3}">
        <th scope="row">${fd}</th>
        <td class="who">${what}</td>
        <td class="mask">
          ${bitOf(fd, 1, wait, moment, labels)}${bitOf(fd, 2, wait, moment, labels)}
        </td>
        <td>${contentOf(fd, client, session, labels)}</td>
      </tr>`;
    });
  return html`<p class="title">
      ${labels.kernel} <span class="badge ${moment.asleep ? "asleep" : "awake"}">${state}</span>
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">${labels.fd}</th>
          <th scope="col">${labels.what}</th>
          <th scope="col">${labels.watched}</th>
          <th scope="col">${labels.buffer}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function bitOf(fd: number, type: 1 | 2, wait: Moment | undefined, now: Moment, labels: Labels) {
  const { watched = [], told = [] } = wait?.call?.poll ?? {};
  const isWatched = watched.some((one) => one.fd === fd && one.type === type);
  const events = now.asleep || wait?.kind !== "call" ? [] : told;
  const event = events.find((one) => one.fd === fd && one.type === type);
  const state = event === undefined ? "" : event.isReady === false ? "claimed" : "ready";
  const letter = type === 1 ? "R" : "W";
  const label = labels.bit(letter, isWatched, state);
  return html`<span
    class="bit ${letter} ${isWatched && "on"} ${state}"
    role="img"
    aria-label="${label}"
    title="${label}"
    >${letter}</span
  >`;
}

function contentOf(fd: number, client: number, { moment, recording }: Session, labels: Labels) {
  const none = html`<span class="none">${labels.empty}</span>`;
  if (fd === LISTENER)
    return moment.queued > 0 ? html`<b class="queue">${labels.waiting(moment.queued)}</b>` : none;
  const { arrived, read } = moment.counters[client] ?? NOTHING;
  const bytes = recording.inbound[client];
  return arrived > read && bytes !== undefined ? chips(bytes, "in", client, read, arrived) : none;
}

export function memoryPanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const { recording, moment } = session;
  const phase = phaseAt(recording, moment);
  const read = readAt(recording, moment);
  const client = read === undefined ? -1 : read.fds.indexOf(read.call?.fd ?? -1);
  const end = read?.counters[client]?.read ?? 0;
  const bytes = recording.inbound[client];
  const content =
    read !== undefined && bytes !== undefined
      ? chips(bytes, "in", client, end - (read.call?.moved ?? 0), end)
      : html`<span class="none">${labels.nothingRead}</span>`;
  const address = read?.call?.address;
  const lamp = (number: number, text: string) =>
    html`<li class="${phase === number && "lit"}" ${phase === number && CURRENT}>${text}</li>`;
  return html`<ol class="phases" aria-label="${labels.phases}">
      ${lamp(1, labels.phase1)}${lamp(2, labels.phase2)}
    </ol>
    <p class="title">
      ${labels.memory} ${address !== undefined && html`<code>${labels.at(address)}</code>`}
    </p>
    <div class="buffer">${content}</div>`;
}

const CURRENT = html`aria-current="true"`;

/** Renders the call stack, outermost call first. @returns also the source line of the last call */
export function stackOf({ session }: Shown): { stack: Markup; line: number } {
  const { recording, moment, program } = session;
  const place = placeAt(recording, moment);
  const { main } = program.frames.map;
  const frames = (place?.frames ?? []).map(
    ({ file, short, line }) =>
      html`<span class="${file === main ? "own" : "lib"}" title="${file}:${line + 1}"
          >${short}</span
        >
        <span class="sep">›</span> `,
  );
  const line = place === undefined ? -1 : lineOf(place, main, program.source);
  return { stack: html`${frames}<b>${place?.call?.name}</b>`, line };
}

export function sourcePanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const lines = session.program.source.map((text, at) => {
    const shown = text === "" ? " " : text;
    return html`<span class="ln" data-line="${at}" data-n="${at + 1}">${shown}</span>`;
  });
  return html`<p class="title">${labels.source} <code>${session.program.frames.map.main}</code></p>
    <div class="stack" aria-label="${labels.stack}" role="group"></div>
    <pre class="source" tabindex="0" role="group" aria-label="${labels.source}">${lines}</pre>`;
}

/** Renders the registered descriptors, as the last wait passes them to the host. */
export function keysPanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const { watched = [] } = waitAt(session.recording, session.moment)?.call?.poll ?? {};
  const fds = [...new Set(watched.map(({ fd }) => fd))].sort((one, other) => one - other);
  const rows = fds.map((fd) => {
    const mask = watched.filter((one) => one.fd === fd).reduce((sum, { type }) => sum | type, 0);
    return html`<li>
      <code>SelectorKey(fd=${fd}, events=${mask})</code>
      <span class="none">${labels.mask} 0b${mask.toString(2).padStart(2, "0")}</span>
    </li>`;
  });
  return html`<p class="title">${labels.keys}</p>
    <ul class="keys">
      ${rows}
    </ul>`;
}

export function logPanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const bytes = new TextEncoder().encode(session.recording.log).subarray(0, session.moment.logged);
  const lines = textOf(bytes).trimEnd().split("\n").slice(-LOG_LINES);
  const text = bytes.length === 0 ? labels.nothingLogged : lines.join("\n");
  return html`<p class="title">${labels.log}</p>
    <pre class="lines" tabindex="0" role="group" aria-label="${labels.log}">${text}</pre>`;
}

export function factsPanel({ session, language }: Shown): Markup {
  const labels = labelsOf(language);
  const { moment, recording, program, took, same } = session;
  // A run may end after the last shown moment, with a call that never returns or a log line.
  const { calls, hash } = session.isAtEnd ? recording : moment;
  const { sha256, bytes } = program.frames.map;
  const seam = same > 0 ? labels.ranAgain(Math.round(took), same) : labels.ran(Math.round(took));
  return html`<span>${labels.time} <b>${timeOf(moment.at)}</b></span>
    <span>${labels.calls} <b>${calls}</b></span>
    <span>${labels.waits} <b>${moment.waits}</b></span>
    <span title="${labels.traceHelp}">${labels.trace} <code class="hash">${hash}</code></span>
    <span
      >${labels.module}
      <code>${sha256.slice(0, HASH_DIGITS)}</code> ${labels.asShipped(bytes)}</span
    >
    <span class="seam">${endOf(recording, labels)}; ${seam}</span>`;
}

function endOf({ spins, outcome }: Recording, labels: Labels): string {
  if (spins) return labels.endsSpinning;
  if (outcome.kind === "exit") return labels.endsExit(outcome.exitCode);
  if (outcome.kind === "trap") return labels.endsOther(outcome.trap);
  return outcome.reason === "waits for ever"
    ? labels.endsForEver
    : labels.endsOther(outcome.detail);
}
