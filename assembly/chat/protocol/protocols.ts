/** The protocols of a server, one object for each style. */
import { Json2Protocol } from "./json2_protocol";
import { JsonProtocol } from "./json_protocol";
import { LineProtocol } from "./line_protocol";
import { Protocol } from "./protocol";
import { Style } from "./style";
import { TutorialProtocol } from "./tutorial_protocol";

export class Protocols {
  private byStyle: StaticArray<Protocol>;

  /** @param zone the time zone of stamps, in minutes east of UTC */
  constructor(zone: i32) {
    this.byStyle = StaticArray.fromArray<Protocol>([
      new TutorialProtocol(zone),
      new LineProtocol(zone),
      new JsonProtocol(),
      new Json2Protocol(),
    ]);
  }

  withStyle(style: Style): Protocol {
    return this.byStyle[style];
  }
}
