import { parseEndpoint, endpointText } from "../../../../assembly/text/endpoint";
import { same } from "./support/steps";

const bytes = memory.data(32);

/** A place, there and back. */
function again(text: string): string {
  const length = parseEndpoint(text, bytes);
  return length == 0 ? "none" : endpointText(bytes, length);
}

export function a_place_is_an_address_and_a_port(): void {
  const places = ["127.0.0.1:9999", "0.0.0.0:0", "[::1]:9999", "[::]:65535", "[2001:db8::7]:1"];
  for (let i = 0; i < places.length; i++) same(again(places[i]), places[i]);
}

export function an_address_has_one_text(): void {
  same(again("[0:0:0:0:0:0:0:1]:80"), "[::1]:80");
}

export function anything_else_is_no_place(): void {
  const texts = [
    "",
    ":",
    "9999",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "127.0.0.1:09",
    "127.0.0:9999",
    "localhost:9999",
    "::1:9999",
    "[::1:9999",
    "[127.0.0.1]:9999",
    "[]:9999",
    "[::1]",
  ];
  for (let i = 0; i < texts.length; i++) same(again(texts[i]), "none", texts[i]);
}
