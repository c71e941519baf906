/** Renders the charts of counted runs, for the pages and for the pictures of the build. */
import { totalOf, type Counted } from "../../lab/explore/count.js";
import { html, type Markup } from "../../lab/explore/markup.js";
import { CROWDS, SPINNERS, type CrowdRow } from "../../lab/explore/lessons.js";
import type { Language } from "../../lab/explore/words.js";
import { chart, table } from "./chart.js";

const MARKS = ["■", "●", "▲", "◆"];
const COLOURS = [4, 1, 0, 3];
const NAMES: Record<string, Record<Language, string>> = {
  chat_v2: { en: "ChatServer v2", zh: "ChatServer v2" },
  chat_v1: { en: "ChatServer v1", zh: "ChatServer v1" },
  chat_v3: { en: "v3, the cure", zh: "v3，治好之后" },
  chat: { en: "the real server", zh: "真正的服务器" },
};
const MICROSECONDS = 1000;

const SPIN = {
  en: {
    x: "virtual time in ms (a host call takes 0.5 µs)",
    y: "poll_oneoff calls so far",
    label: "poll_oneoff calls over 20 ms of virtual time",
    said: "one client says hello",
    head: ["program", "poll_oneoff calls", "of them led to work", "host calls"],
    sentence: (clients: number, polls: number, useful: number, cured: number) =>
      `With ${clients} clients and one line said in 20 ms, v2 has called poll_oneoff ${polls} ` +
      `times. After ${useful} of these calls it had something to read, send or accept. v3 has ` +
      `called it ${cured} times.`,
  },
  zh: {
    x: "虚拟时间（ms，一次宿主调用算 0.5 µs）",
    y: "到此为止的 poll_oneoff 调用",
    label: "20 ms 虚拟时间里的 poll_oneoff 调用",
    said: "一个客户端说 hello",
    head: ["程序", "poll_oneoff 调用", "其中引出工作的", "宿主调用"],
    sentence: (clients: number, polls: number, useful: number, cured: number) =>
      `${clients} 个客户端，20 ms 里只说了一行话：v2 调用了 ${polls} 次 poll_oneoff，` +
      `其中 ${useful} 次之后才有东西可读、可发或可接受。v3 调用了 ${cured} 次。`,
  },
};

export interface SpinRun {
  program: string;
  counted: Counted;
}

export function spinMarkup(
  runs: readonly SpinRun[],
  clients: number,
  language: Language,
  width?: number,
): { picture: Markup; details: Markup; sentence: string } {
  const words = SPIN[language];
  const most = Math.max(...runs.map(({ counted }) => counted.samples.at(-1)?.polls ?? 0), 10);
  const step = 10 ** Math.floor(Math.log10(most));
  const to = Math.ceil(most / step) * step;
  const picture = chart(
    {
      label: words.label,
      x: { name: words.x, from: 0, to: 20, ticks: [0, 5, 10, 15, 20] },
      y: { name: words.y, from: 0, to, ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => share * to) },
      event: { x: 10, text: words.said },
      series: runs.map(({ program, counted }, at) => ({
        name: NAMES[program]?.[language] ?? program,
        ...{ mark: MARKS[at] ?? "", colour: COLOURS[at] ?? 0 },
        points: counted.samples.map(({ at: time, polls }) => [time / MICROSECONDS, polls]),
      })),
    },
    width,
  );
  const rows = runs.map(({ program, counted }) => {
    const { polls, useful, calls } = totalOf(counted);
    return [NAMES[program]?.[language] ?? program, polls, useful, calls];
  });
  const total = (name: string) => {
    const found = runs.find(({ program }) => program === name);
    return found === undefined ? { polls: 0, useful: 0 } : totalOf(found.counted);
  };
  const [spins, cured] = [total(SPINNERS[0]), total(SPINNERS[2])];
  return {
    picture,
    details: table(words.head, rows),
    sentence: words.sentence(clients, spins.polls, spins.useful, cured.polls),
  };
}

/** Formats a mean with at most one decimal. */
const countOf = (mean: number) => String(Number(mean.toFixed(1)));

const SCALE = {
  en: {
    calls: "Host calls",
    asked: "Descriptors",
    x: "clients connected",
    y: "per line said",
    circle: "asked in turn, a round",
    lying: "poll, host names all",
    poll: "poll, exact host",
    handed: "handed over",
    ready: "really ready",
    head: [
      "clients",
      "asked in turn",
      "poll, host names all",
      "poll, exact host",
      "handed over",
      "really ready",
    ],
    sentence: (row: CrowdRow) =>
      `With ${row.clients} clients, ${row.handed.toFixed(0)} descriptors are handed over for ` +
      `each line that is said, and ${countOf(row.ready)} of them is ready. epoll saves the ` +
      `difference: its list stays in the kernel. To ask everybody in turn takes ` +
      `${row.circle.toFixed(0)} calls a round, also when nobody speaks.`,
  },
  zh: {
    calls: "宿主调用",
    asked: "描述符",
    x: "连接的客户端",
    y: "每说一行",
    circle: "挨个询问，一轮",
    lying: "poll，宿主全报",
    poll: "poll，如实的宿主",
    handed: "交出去的",
    ready: "真正就绪的",
    head: ["客户端", "挨个询问", "poll，宿主全报", "poll，如实的宿主", "交出去的", "真正就绪的"],
    sentence: (row: CrowdRow) =>
      `${row.clients} 个客户端时，每说一行就要交出 ${row.handed.toFixed(0)} 个描述符，其中真正就绪的是 ` +
      `${countOf(row.ready)} 个。epoll 省下的就是这个差：名单留在内核里。` +
      `挨个询问每轮要 ${row.circle.toFixed(0)} 次调用，没人说话时也一样。`,
  },
};

export function scaleMarkup(
  rows: readonly CrowdRow[],
  language: Language,
  width?: number,
): { left: Markup; right: Markup; details: Markup; sentence: string } {
  const words = SCALE[language];
  const line = (key: keyof CrowdRow, name: string, mark: string, colour: number) => ({
    ...{ name, mark, colour },
    points: rows.map((row): [number, number] => [row.clients, row[key]]),
  });
  const axes = {
    x: { name: words.x, from: 1, to: 256, ticks: CROWDS, isLogarithmic: true },
    y: { name: words.y, from: 0.7, to: 1000, ticks: [1, 10, 100, 1000], isLogarithmic: true },
  };
  const left = [
    line("circle", words.circle, "■", 4),
    line("lying", words.lying, "▲", 2),
    line("poll", words.poll, "◆", 0),
  ];
  const right = [line("handed", words.handed, "●", 1), line("ready", words.ready, "○", 3)];
  const last = rows.at(-1);
  const figures = rows.map((row) => [
    row.clients,
    ...[row.circle, row.lying, row.poll, row.handed, row.ready].map((value) => value.toFixed(1)),
  ]);
  return {
    left: html`<figure>
      <figcaption>${words.calls}</figcaption>
      ${chart({ label: words.calls, ...axes, series: left }, width)}
    </figure>`,
    right: html`<figure>
      <figcaption>${words.asked}</figcaption>
      ${chart({ label: words.asked, ...axes, series: right }, width)}
    </figure>`,
    details: table(words.head, figures),
    sentence: last === undefined ? "" : words.sentence(last),
  };
}
