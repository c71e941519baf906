/** Visits the built site in a Chromium, and records requests to other hosts and failures. */
import type http from "node:http";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { addressOf, serve } from "../../../site/serve.mjs";
import { BASE, DIST } from "./pages.js";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "./playwright.js";

const FLAGS = [
  // As root, in a container, there is no sandbox of its own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-sync",
];
const DESKTOP = { width: 1280, height: 900 };

export class Visitor {
  /** Requests to another host. */
  readonly strangers: string[] = [];
  /** The errors that a page reported. */
  readonly errors: string[] = [];

  private constructor(
    private readonly server: http.Server,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<Visitor> {
    const file = inRoot("site/node_modules/playwright-core/index.mjs");
    const { chromium } = (await import(file)) as {
      chromium: { launch(options: object): Promise<Browser> };
    };
    const executablePath = process.env["SITE_CHROMIUM"];
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new Visitor(await serve(DIST, { base: BASE, port: 0 }), browser);
  }

  get origin(): string {
    return addressOf(this.server, "");
  }

  async end(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Nothing moves by itself, unless it is asked for. */
  context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
  }

  /** @param name a page, with what stands behind `#` */
  async open(name: string, context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== this.origin) this.strangers.push(request.url());
    });
    page.on("pageerror", (error) => this.errors.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(`${name}: ${message.text()}`);
    });
    await page.goto(`${this.origin}${BASE}${name}`);
    return page;
  }

  /** A page with one stage that has begun. */
  async stage(name: string, context?: BrowserContext): Promise<Page> {
    const page = await this.open(name, context ?? (await this.context()));
    await page.waitForSelector("poll-stage[data-ready]");
    return page;
  }
}
