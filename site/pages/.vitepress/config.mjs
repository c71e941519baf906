/** The site's pages, menus and languages. */
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { referencePages, titleOf } from "../../reference.mjs";

const base = process.env["SITE_BASE"] ?? "/";
const insides = inRoot("build/site/insides.json");

/** The chapters in order: a file in each language, and its name in both. */
const CHAPTERS = [
  ["one-wait", "One wait for everybody", "一次等待，照看所有人"],
  ["two-questions", "Two questions", "两个问题"],
  ["two-phases", "Two phases", "两个阶段"],
  ["models", "Models of I/O", "IO 模型"],
  ["select-poll-epoll", "select, poll, epoll", "select、poll、epoll"],
  ["selectors", "The selectors library", "selectors 库"],
  ["echo", "The echo server", "回声服务器"],
  ["chat-v1", "ChatServer, first version", "ChatServer 第一版"],
  ["chat-v2", "ChatServer, second version", "ChatServer 第二版"],
  ["closing-lesson", "The closing lesson", "最后一课"],
  ["puzzles", "Puzzles", "谜题"],
  ["how-we-know", "How these pages know", "这些页面凭什么这样说"],
];

/** @param {"en" | "zh"} language */
function chapters(language) {
  return CHAPTERS.map(([file, en, zh], at) => ({
    text: `${at} · ${language === "zh" ? zh : en}`,
    link: language === "zh" ? `/zh/${file}` : `/${file}`,
  }));
}

/** docs/ by its folders, whichever there are; of the decisions, their index. */
function reference() {
  /** @type {Map<string, { text: string, link: string }[]>} */
  const folders = new Map();
  for (const file of referencePages()) {
    if (/^decisions\/(?!README)/.test(file)) continue;
    const folder = file.startsWith("decisions") ? "notes" : path.dirname(file);
    const item = { text: titleOf(file), link: `/reference/${file.replace(/\.md$/, "")}` };
    folders.set(folder, [...(folders.get(folder) ?? []), item]);
  }
  return [...folders].map(([folder, items]) => {
    const name = folder === "." ? "Tutorial" : folder[0].toUpperCase() + folder.slice(1);
    return { text: name, items };
  });
}

/**
 * Puts into each figure what stands there without a script; the build has drawn it.
 * @param {import("markdown-it").default} markdown
 */
function figures(markdown) {
  /** @type {Record<string, string>} */
  const drawn = fs.existsSync(insides) ? JSON.parse(fs.readFileSync(insides, "utf8")) : {};
  // A tag on a line of its own is inline to VitePress, one over several lines a block.
  for (const rule of ["html_inline", "html_block"]) {
    const render = markdown.renderer.rules[rule];
    markdown.renderer.rules[rule] = (tokens, index, options, env, self) => {
      const token = tokens[index];
      const language = String(env.relativePath ?? "").startsWith("zh/") ? "zh" : "en";
      token.content = token.content.replace(
        /(<poll-(?:stage|race|spin|scale)\b[^>]*>)(?=<\/poll-)/g,
        (tag) => `${tag}<div v-pre>${drawn[`${language} ${tag}`] ?? ""}</div>`,
      );
      return render(tokens, index, options, env, self);
    };
  }
}

const SEARCH_ZH = {
  button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
  modal: {
    displayDetails: "显示详细列表",
    resetButtonTitle: "清空",
    backButtonTitle: "关闭",
    noResultsText: "没有找到",
    footer: {
      selectText: "选择",
      selectKeyAriaLabel: "回车",
      navigateText: "移动",
      navigateUpKeyAriaLabel: "上箭头",
      navigateDownKeyAriaLabel: "下箭头",
      closeText: "关闭",
      closeKeyAriaLabel: "Esc",
    },
  },
};

const tutorial = (language) => [
  { text: language === "zh" ? "教程" : "Tutorial", items: chapters(language) },
];

export default {
  title: "pollcast",
  description:
    "I/O multiplexing, seen call by call: the shipped WebAssembly module runs in the page",
  base,
  outDir: "../dist",
  rewrites: { "_docs/:path(.*)": "reference/:path" },
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: [/^\.{1,2}\//],
  head: [
    ["link", { rel: "icon", href: `${base}icon.svg`, type: "image/svg+xml" }],
    ["script", { type: "module", src: `${base}figures/figures.js` }],
  ],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("poll-") } } },
  markdown: {
    config: figures,
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  locales: {
    root: { label: "English", lang: "en" },
    zh: {
      label: "中文",
      lang: "zh-Hans",
      description: "逐次调用看 IO 多路复用：发布的 WebAssembly 模块就在页面里运行",
      themeConfig: {
        nav: [{ text: "教程", link: "/zh/one-wait" }],
        sidebar: tutorial("zh"),
        outline: { label: "本页" },
        docFooter: { prev: "上一章", next: "下一章" },
        darkModeSwitchLabel: "深色模式",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "回到顶部",
        langMenuLabel: "语言",
        skipToContentLabel: "跳到正文",
        lightModeSwitchTitle: "切换到浅色模式",
        darkModeSwitchTitle: "切换到深色模式",
        notFound: {
          title: "没有这个页面",
          quote: "地址可能写错了，或者页面已经移走。",
          linkLabel: "回到首页",
          linkText: "回到首页",
        },
      },
    },
  },
  themeConfig: {
    nav: [
      { text: "Tutorial", link: "/one-wait" },
      { text: "Reference", link: "/reference/" + referencePages()[0].replace(/\.md$/, "") },
    ],
    sidebar: { "/": tutorial("en"), "/reference/": reference() },
    outline: { level: 2 },
    search: {
      provider: "local",
      options: {
        miniSearch: { options: { tokenize } },
        locales: { zh: { translations: SEARCH_ZH } },
      },
    },
  },
};

/**
 * Words of any script: Chinese has no blanks between them.
 * @param {string} text
 */
function tokenize(text) {
  const words = new Intl.Segmenter(["zh", "en"], { granularity: "word" }).segment(text);
  return [...words].filter((one) => one.isWordLike).map((one) => one.segment.toLowerCase());
}
