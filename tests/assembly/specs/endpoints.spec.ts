import { listenAt, listenerEndpoint, peerEndpoint } from "../../../assembly/net/endpoints";
import { listen, localAddress, remoteAddress } from "../../../assembly/wasi/socket";
import { NOSYS } from "../../../assembly/wasi/errno";
import { newcomerName } from "../../../assembly/tutorial/program";
import * as host from "./support/host";
import { same, sameNumber } from "./support/steps";

const bytes = memory.data(32);

export function where_listeners_are_handed_in_none_is_opened(): void {
  same(listenAt([]), "");
  const refused = "option --listen is the component's: this host hands listeners in";
  same(listenAt(["127.0.0.1:9999"]), refused);
  sameNumber(listen(bytes, 4, 9999), -NOSYS);
}

export function where_the_host_does_not_tell_a_place_is_empty(): void {
  const listener = host.openListener();
  const connection = host.openConnection();
  same(listenerEndpoint(listener), "");
  same(peerEndpoint(connection), "");
  same(newcomerName(connection, 7), "client-7");
  sameNumber(localAddress(listener, bytes), -NOSYS);
  sameNumber(remoteAddress(connection, bytes), -NOSYS);
}
