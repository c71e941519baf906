/** The module `pollcast-selectors/loop`: an event loop with timers, whose handlers are objects. */
import "./configured";

export { Handler, Loop, Task, Timer } from "./assembly/loop/loop";
