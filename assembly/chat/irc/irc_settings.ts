/** The settings of IRC: a field for each option, as the server tells them to clients. */

export class IrcSettings {
  /** The name of the server. It contains a dot, so that clients can distinguish it from a nick. */
  name: string = "irc.pollcast";
  network: string = "pollcast";
  /** The description of the server. */
  info: string = "a pollcast server";
  /** The lines of the message of the day; none if there is no message. */
  motd: Array<string> = [];
  /** The name that OPER must give; empty if no client can become an operator. */
  operatorName: string = "";
  /** The password that OPER must give. */
  operatorPassword: string = "";
  /** The password that each client must give; empty for none. */
  password: string = "";
}
