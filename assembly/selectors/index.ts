/**
 * The public API: Python's `selectors` for AssemblyScript on WASI.
 *
 *     import { DefaultSelector, EVENT_READ } from "pollcast-selectors";
 *
 *     const selector = DefaultSelector<Client>();
 *     selector.register(fd, EVENT_READ, client);
 *     const events = selector.select();
 *     for (let i = 0; i < events.length; i++) events[i].key.data.handle(events[i].mask);
 *
 * docs/reference/selectors.md compares it with Python's and lists every difference.
 */
export { BaseSelector, NO_TIMEOUT } from "./base";
export { DefaultSelector } from "./default";
export { SelectorError, selectorErrorText } from "./errors";
export { EVENT_READ, EVENT_WRITE } from "./events";
export { HostReadiness, hostReadiness } from "./host_readiness";
export { SelectorEvent, SelectorKey } from "./key";
export { WaitableSelector } from "./waitable_selector";
export { PollOneoffSelector } from "./poll_oneoff_selector";
export { ScanSelector } from "./scan_selector";
