/** The options of IRC, as rows of the option table. */
import { reserveName } from "../../text/names";
import { ChatOption } from "./chat_option";
import { safeWords } from "../protocol/safe_text";

/** The longest name of a server in characters, so that its lines have room for others. */
const NAME_LENGTH_MOST: i32 = 63;
const HOST_PATTERN = "[A-Za-z0-9](-*[A-Za-z0-9])*(\\.[A-Za-z0-9](-*[A-Za-z0-9])*)+";

export const ircOptions: Array<ChatOption> = [
  new ChatOption("--irc-name NAME", "sets the name of the server for IRC; it has a dot")
    .text("irc.pollcast")
    .shaped("a host name with a dot, such as irc.example.org", HOST_PATTERN, isHostName)
    .atStart((settings, option) => {
      settings.irc.name = option.value;
      reserveName(option.value);
    }),
  new ChatOption("--irc-network NAME", "sets the name of the network for IRC")
    .text("pollcast")
    .atStart((settings, option) => {
      settings.irc.network = safeWords(option.value);
    }),
  new ChatOption("--irc-info TEXT", "sets how the server describes itself to IRC clients")
    .text("a pollcast server")
    .atStart((settings, option) => {
      settings.irc.info = safeWords(option.value);
    }),
  new ChatOption("--irc-oper NAME:PASSWORD", "lets IRC clients become operators with OPER")
    .text("")
    .shaped("NAME:PASSWORD, without spaces", "|[^\\s:]+:\\S+", isCredential)
    .secret()
    .atStart((settings, option) => {
      const colon = option.value.indexOf(":");
      settings.irc.operatorName = colon < 0 ? "" : option.value.substring(0, colon);
      settings.irc.operatorPassword = option.value.substring(colon + 1);
    }),
  new ChatOption("--irc-password PASSWORD", "admits only IRC clients that give this password")
    .text("")
    .secret()
    .atStart((settings, option) => {
      settings.irc.password = option.value;
    }),
];

/** Returns true for a name that a server may have: it has a dot, and no other end. */
export function isHostName(value: string): bool {
  if (value.length == 0 || value.length > NAME_LENGTH_MOST) return false;
  const labels = value.split(".");
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label.length == 0 || label.startsWith("-") || label.endsWith("-")) return false;
    for (let j = 0; j < label.length; j++) {
      const unit = label.charCodeAt(j);
      const isDigit = unit >= 0x30 && unit <= 0x39;
      const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
      if (!isDigit && !isLetter && unit != 0x2d) return false;
    }
  }
  return labels.length > 1;
}

function isCredential(value: string): bool {
  if (value == "") return true;
  const colon = value.indexOf(":");
  return colon > 0 && colon < value.length - 1 && !value.includes(" ");
}
