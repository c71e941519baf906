/** Listeners, connections, addresses. */
import "./configured";

export * from "./assembly/sockets";
