/** The tokens of 005, which say what the server supports. */
import { NAME_CHARACTERS } from "../../text/names";
import { TOPIC_CHARACTERS } from "../limits";
import { ChatSettings } from "../settings";
import { WATCHED_MOST } from "./watchers";

/** A command for several targets takes at most this many. @limit targets */
export const TARGETS_MOST: i32 = 4;
/** An answer to CHATHISTORY has at most this many messages. @limit messages */
export const HISTORY_MOST: i32 = 200;

/** Returns the tokens in alphabetical order. */
export function supportTokens(settings: ChatSettings, network: string): Array<string> {
  const several = [",KICK", ",NAMES", ",NOTICE", ",PRIVMSG"]
    .map<string>((command) => `${command}:${TARGETS_MOST}`)
    .join("");
  return [
    `AWAYLEN=${TOPIC_CHARACTERS}`,
    "BOT=B",
    "CASEMAPPING=ascii",
    `CHANLIMIT=#:${settings.roomsPerClient}`,
    "CHANMODES=Ibe,k,l,Cimnst",
    `CHANNELLEN=${NAME_CHARACTERS + 1}`,
    "CHANTYPES=#",
    `CHATHISTORY=${HISTORY_MOST}`,
    "ELIST=CMNTU",
    "EXCEPTS",
    "INVEX",
    `KICKLEN=${TOPIC_CHARACTERS}`,
    "MAXLIST=Ibe:100",
    "MODES=8",
    `MONITOR=${WATCHED_MOST}`,
    "MSGREFTYPES=msgid,timestamp",
    `NETWORK=${network.replaceAll(" ", "\\x20")}`,
    `NICKLEN=${NAME_CHARACTERS}`,
    "PREFIX=(ov)@+",
    "SAFELIST",
    "STATUSMSG=@+",
    `TARGMAX=JOIN:,PART:,LIST:,WHOIS:1${several}`,
    `TOPICLEN=${TOPIC_CHARACTERS}`,
    "USERLEN=10",
    "UTF8ONLY",
    "WHOX",
    `draft/CHATHISTORY=${HISTORY_MOST}`,
  ];
}
