/** The package's main module: Python's `selectors`. */
import "./configured";

export * from "./assembly/selectors";
