/** Animates bytes that have moved to another place. */

const FLIGHT_MS = 380;
const NEAR_PX = 2;

/** Returns the positions of all bytes, by their keys. */
export function positions(root: ShadowRoot): Map<string, DOMRect> {
  const found = new Map<string, DOMRect>();
  for (const chip of root.querySelectorAll<HTMLElement>("[data-key]"))
    found.set(chip.dataset["key"] ?? "", chip.getBoundingClientRect());
  return found;
}

/** Moves each byte from its earlier position. @param from earlier result of {@link positions} */
export function flights(root: ShadowRoot, from: ReadonlyMap<string, DOMRect>): void {
  for (const chip of root.querySelectorAll<HTMLElement>("[data-key]")) {
    const before = from.get(chip.dataset["key"] ?? "");
    if (before === undefined) continue;
    const now = chip.getBoundingClientRect();
    const [x, y] = [before.x - now.x, before.y - now.y];
    if (Math.abs(x) < NEAR_PX && Math.abs(y) < NEAR_PX) continue;
    const path = [{ transform: `translate(${x}px,${y}px)` }, { transform: "none" }];
    chip.animate(path, { duration: FLIGHT_MS, easing: "ease-in-out" });
  }
}
