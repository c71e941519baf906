/** The module `pollcast-selectors/sockets`: listeners, connections, addresses. */
import "./configured";

export * from "./assembly/sockets";
