/** The states of a connection in order. connection.ts describes them. */
export enum ConnectionState {
  OPEN = 0,
  CLOSING = 1,
  LINGERING = 2,
  CLOSED = 3,
}
