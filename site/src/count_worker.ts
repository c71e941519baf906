/** Counts runs in a thread of its own, so that the page stays responsive while a program spins. */
import { count, type Counted, type Order } from "../../lab/explore/count.js";
import { programUrl } from "./programs.js";

export interface Asked {
  id: number;
  order: Order;
}

export interface Answered {
  id: number;
  counted?: Counted;
  error?: string;
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

async function moduleOf(program: string): Promise<WebAssembly.Module> {
  const load = async () => {
    const response = await fetch(programUrl(program));
    if (!response.ok) throw new Error(`${program}.wasm: ${response.status}`);
    return WebAssembly.compile(await response.arrayBuffer());
  };
  const found = modules.get(program) ?? load();
  modules.set(program, found);
  return found;
}

self.addEventListener("message", (event: MessageEvent<Asked>) => {
  const { id, order } = event.data;
  const answer = (answered: Omit<Answered, "id">) => self.postMessage({ id, ...answered });
  moduleOf(order.program).then(
    (module) => answer({ counted: count(module, order) }),
    (error: unknown) => answer({ error: String(error) }),
  );
});
