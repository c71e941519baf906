import {
  accept,
  AGAIN,
  BADF,
  close,
  CONNRESET,
  errno,
  errnoName,
  Fd,
  INVAL,
  listen,
  listeners,
  localAddress,
  MFILE,
  NOSYS,
  recv,
  remoteAddress,
  requireListeners,
  send,
  setBlocking,
  shutdownWrite,
} from "../../../../assembly/sockets";
import { listenAll } from "../../../../assembly/sockets/listeners";
import { newcomerName } from "../../../../assembly/tutorial/program";
import * as socket from "../../../../assembly/wasi/socket";
import * as host from "./support/host";
import { same, sameNumber, sent } from "./support/steps";

const bytes = memory.data(32);

export function where_listeners_are_handed_in_none_is_opened(): void {
  same(listenAll([]), "");
  const refused = "option --listen is the component's: this host hands listeners in";
  same(listenAll(["127.0.0.1:9999"]), refused);
  sameNumber(listen("127.0.0.1:9999"), -NOSYS);
  sameNumber(socket.listen(bytes, 4, 9999), -NOSYS);
}

export function where_the_host_does_not_tell_an_address_is_empty(): void {
  const listener = host.openListener();
  const connection = host.openConnection();
  same(localAddress(listener), "");
  same(remoteAddress(connection), "");
  same(newcomerName(connection, 7), "client-7");
  sameNumber(socket.localAddress(listener, bytes), -NOSYS);
  sameNumber(socket.remoteAddress(connection, bytes), -NOSYS);
}

export function the_listeners_are_those_that_were_handed_in(): void {
  sameNumber(listeners().length, 0);
  const first = host.openListener();
  const second = host.openListener();
  const found = requireListeners();
  sameNumber(found.length, 2);
  sameNumber(found[0], first);
  sameNumber(found[1], second);
}

export function a_program_that_needs_a_listener_ends_without_one(): void {
  host.expectSaid(
    "no listener: start with -S tcplisten=127.0.0.1:9999, or by pollcast run --listen\n",
  );
  host.expectExit(69);
  requireListeners();
}

export function a_connection_is_accepted_read_answered_and_closed(): void {
  const listener = host.openListener();
  sameNumber(accept(listener), -AGAIN);
  host.arrive(listener, 1);
  const connection: Fd = accept(listener);
  const buffer = new Uint8Array(4);
  sameNumber(recv(connection, buffer), -AGAIN);
  host.feed(connection, "hello");
  sameNumber(recv(connection, buffer), 4);
  sameNumber(send(connection, buffer.subarray(1, 3)), 2);
  same(sent(connection), "el");
  sameNumber(recv(connection, buffer), 1);
  sameNumber(buffer[0], 111);
  host.end(connection);
  sameNumber(recv(connection, buffer), 0);
  sameNumber(shutdownWrite(connection), 0);
  sameNumber(close(connection), 0);
  sameNumber(close(connection), -BADF);
  assert(!host.isOpen(connection));
}

export function an_empty_buffer_is_not_the_end_of_a_stream(): void {
  const connection = host.openConnection();
  sameNumber(recv(connection, new Uint8Array(0)), -INVAL);
  sameNumber(send(connection, new Uint8Array(0)), 0);
}

export function what_does_not_fit_is_not_taken(): void {
  const connection = host.openConnection();
  host.setRoom(connection, 3);
  const bytes = Uint8Array.wrap(String.UTF8.encode("hello"));
  sameNumber(send(connection, bytes), 3);
  sameNumber(send(connection, bytes.subarray(3)), -AGAIN);
}

export function a_failure_is_a_value_with_a_name(): void {
  const listener = host.openListener();
  host.failAccept(listener, errno.MFILE);
  sameNumber(accept(listener), -MFILE);
  const connection = host.openConnection();
  host.reset(connection);
  sameNumber(recv(connection, new Uint8Array(1)), -CONNRESET);
  same(errnoName(-CONNRESET), "CONNRESET");
  sameNumber(setBlocking(99, true), -BADF);
}
