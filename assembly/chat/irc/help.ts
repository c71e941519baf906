/** The help for IRC clients: HELP, and HELP with a command. */

class HelpTopic {
  constructor(
    /** The command in capitals; `*` for the overview. */
    public subject: string,
    public title: string,
    public lines: Array<string>,
  ) {}
}

const TOPICS: Array<HelpTopic> = [
  new HelpTopic("*", "The commands of this server", [
    "JOIN PART TOPIC NAMES LIST INVITE KICK MODE",
    "PRIVMSG NOTICE TAGMSG CHATHISTORY MARKREAD",
    "NICK AWAY SETNAME MONITOR WHO WHOIS WHOWAS ISON USERHOST",
    "CAP PING QUIT MOTD LUSERS VERSION TIME ADMIN INFO LINKS STATS OPER",
  ]),
  new HelpTopic("JOIN", "JOIN #channel[,#channel] [key[,key]]", ["Enters channels."]),
  new HelpTopic("PART", "PART #channel[,#channel] [:why]", ["Leaves channels."]),
  new HelpTopic("TOPIC", "TOPIC #channel [:text]", ["Tells or sets what a channel is about."]),
  new HelpTopic("NAMES", "NAMES #channel", ["Tells who is in a channel."]),
  new HelpTopic("LIST", "LIST [filters]", ["Tells which channels there are: LIST >3,*tea*."]),
  new HelpTopic("INVITE", "INVITE nick #channel", ["Invites a user to a channel."]),
  new HelpTopic("KICK", "KICK #channel nick [:why]", ["Removes a user from a channel."]),
  new HelpTopic("MODE", "MODE #channel [modes]", ["Tells or sets modes: MODE #tea +b ann!*@*."]),
  new HelpTopic("PRIVMSG", "PRIVMSG target :text", ["Says something to a channel or a user."]),
  new HelpTopic("NOTICE", "NOTICE target :text", ["Does the same. Programs must not answer."]),
  new HelpTopic("NICK", "NICK name", ["Chooses another name."]),
  new HelpTopic("AWAY", "AWAY [:text]", ["Says that you are away; without a text, back."]),
  new HelpTopic("WHO", "WHO mask", ["Tells of the users in a channel, or with such names."]),
  new HelpTopic("WHOIS", "WHOIS nick", ["Tells what is known of a user."]),
  new HelpTopic("MONITOR", "MONITOR + nick[,nick]", ["Tells when users come and leave."]),
  new HelpTopic("QUIT", "QUIT [:why]", ["Leaves the server."]),
];

/** Returns the help on a subject, or null. */
export function findHelp(subject: string): HelpTopic | null {
  for (let i = 0; i < TOPICS.length; i++) if (TOPICS[i].subject == subject) return TOPICS[i];
  return null;
}
