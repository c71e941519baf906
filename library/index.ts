/** Python's `selectors`: who is ready. */
import "./configured";

export * from "./assembly/selectors";
