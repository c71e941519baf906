/** The states of a connection, in their order; connection.ts draws the way through them. */
export enum ConnectionState {
  OPEN = 0,
  CLOSING = 1,
  LINGERING = 2,
  CLOSED = 3,
}
