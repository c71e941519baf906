/** The protocols of a server, one object each. */
import { JsonProtocol } from "./json_protocol";
import { LineProtocol } from "./line_protocol";
import { Protocol } from "./protocol";
import { Style } from "./style";
import { TutorialProtocol } from "./tutorial_protocol";

export class Protocols {
  private byStyle: StaticArray<Protocol>;

  /** @param zone minutes east of UTC, for the stamps that people read */
  constructor(zone: i32) {
    this.byStyle = StaticArray.fromArray<Protocol>([
      new TutorialProtocol(zone),
      new LineProtocol(zone),
      new JsonProtocol(),
    ]);
  }

  withStyle(style: Style): Protocol {
    return this.byStyle[style];
  }
}
