/** An event loop with timers, for programs whose handlers are objects. */
import "./configured";

export { Handler, Loop, Task, Timer } from "./assembly/loop/loop";
