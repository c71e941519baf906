/**
 * The part of playwright-core that the tests use. It is installed in site/ only, and may be
 * missing.
 */
export interface BrowserContextOptions {
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  reducedMotion?: "reduce";
  javaScriptEnabled?: boolean;
}

export interface Browser {
  newContext(options: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export interface BrowserContext {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Locator {
  click(): Promise<void>;
  boundingBox(): Promise<{ width: number; height: number } | null>;
  fill(text: string): Promise<void>;
  focus(): Promise<void>;
  textContent(): Promise<string | null>;
  getAttribute(name: string): Promise<string | null>;
}

export interface Route {
  fulfill(response: { status: number; body: string }): Promise<void>;
}

interface Events {
  request: { url(): string };
  response: { body(): Promise<Uint8Array> };
  pageerror: Error;
  console: { type(): string; text(): string };
}

export interface Page {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  context(): BrowserContext;
  close(): Promise<void>;
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void;
  goto(url: string, options?: { waitUntil: "networkidle" }): Promise<unknown>;
  route(url: string, handler: (route: Route) => Promise<void>): Promise<unknown>;
  locator(selector: string): Locator;
  getByLabel(label: string): Locator;
  getAttribute(selector: string, name: string): Promise<string | null>;
  waitForSelector(selector: string): Promise<unknown>;
  waitForFunction(
    script: string,
    argument: undefined,
    options: { timeout: number },
  ): Promise<unknown>;
  evaluate<Result>(script: (() => Result) | string): Promise<Result>;
}
