/** A server that sends what a test tells it, in place of pollcast. */
import net from "node:net";
import { onTestFinished } from "vitest";

/** The first object from a server of style json. */
export const WELCOME =
  '{"type":"welcome","version":1,"you":"me","room":"lobby","topic":"","people":1,"last":0}\n';

/** Answers the client's own ping, as every pollcast server does. */
export function answerPings(socket: net.Socket): void {
  socket.setEncoding("utf8").on("data", (text: string) => {
    for (const [, token] of text.matchAll(/^\/ping (\w+)$/gm))
      socket.write(`{"type":"pong","text":"${token}"}\n`);
  });
}

/**
 * @param onClient called with each connection
 * @returns the port that it listens on
 */
export async function fakeServer(onClient: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onClient(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}
