/** Mutations of the lines to clients with IRC. Worlds whose clients speak IRC must notice them. */

/** @type {Omit<import("./net.mjs").Mutation, "in">[]} */
const ALL = [
  {
    name: "a rename has the new name as its source",
    within: 20,
    file: "chat/protocol/irc/irc_protocol.ts",
    from: ":${user.maskOf(event.before)} NICK",
    to: ":${user.mask} NICK",
  },
  {
    name: "a message has a source without a host",
    within: 20,
    file: "chat/protocol/irc/message_writer.ts",
    from: "at = putBytes(at, message.address, message.addressBytes);",
    to: "",
  },
  {
    name: "names have no end",
    within: 20,
    file: "chat/irc/names.ts",
    from: 'session.sendNumeric("366", `#${room.name}`, "End of /NAMES list");',
    to: "",
  },
  {
    name: "a row of names is too long",
    within: 60,
    file: "chat/irc/names.ts",
    from: "if (bytes + nameBytes > most + 1) {",
    to: "if (bytes + nameBytes > most + 400) {",
  },
  {
    name: "an echo that was not asked for",
    within: 20,
    file: "chat/irc/commands/messages.ts",
    from: "const echoes = session.hasCapability(Capability.ECHO_MESSAGE);",
    to: "const echoes = true;",
  },
  {
    name: "an echo is left out",
    within: 20,
    file: "chat/irc/commands/messages.ts",
    from: "const echoes = session.hasCapability(Capability.ECHO_MESSAGE);",
    to: "const echoes = false;",
  },
  {
    name: "each line of an answer has the label",
    within: 20,
    file: "chat/irc/answer.ts",
    from: "const tag = `batch=${this.batch}`;",
    to: "const tag = `label=${this.label}`;",
  },
  {
    name: "no answer is acknowledged",
    within: 20,
    file: "chat/irc/answer.ts",
    from: "return `@label=${this.label} :${this.server} ACK${CRLF}`;",
    to: 'return "";',
  },
  {
    name: "the batch of a labelled answer has no end",
    within: 20,
    file: "chat/irc/answer.ts",
    from: "return end + this.after;",
    to: "return this.after;",
  },
  {
    name: "the later portions of a labelled answer are not in its batch",
    within: 60,
    file: "chat/irc/answer.ts",
    from: "this.isBatch ? this.tagged(text.split(CRLF)) : text;",
    to: "text;",
  },
  {
    name: "a user quits twice",
    within: 20,
    file: "chat/rooms/presence.ts",
    from: "this.tellOnce(quit, memberships, null);",
    to: "this.tellOnce(quit, memberships, null); this.tellOnce(quit, memberships, null);",
  },
  {
    name: "a user quits once for each room",
    within: 40,
    file: "chat/rooms/presence.ts",
    from: "if (memberships[i].isListed) memberships[i].room.announceOnce(event, number);",
    to: "if (memberships[i].isListed) memberships[i].room.announceOnce(event, number + i);",
  },
  {
    name: "a quit is told to one room",
    within: 40,
    file: "chat/rooms/presence.ts",
    from: "if (memberships[i].isListed) memberships[i].room.announceOnce(event, number);",
    to: "if (i == 0 && memberships[i].isListed) memberships[i].room.announceOnce(event, number);",
  },
  {
    name: "a user that is away is not told",
    within: 60,
    file: "chat/chat.ts",
    from: "this.presence.tellOnce(event, session.memberships, null);",
    to: "",
  },
  {
    name: "a client that leaves is not told",
    within: 20,
    file: "chat/irc/commands/channels.ts",
    from: "session.send(new UserLeft(session.user, room.name, said));",
    to: "",
  },
  {
    name: "a time that was not asked for",
    within: 20,
    file: "chat/protocol/irc/irc_protocol.ts",
    from: "const time = this.hasCapability(Capability.SERVER_TIME)",
    to: "const time = true",
  },
  {
    name: "a character is cut",
    within: 40,
    file: "chat/protocol/irc/message_writer.ts",
    from: "while (end > 0 && (load<u8>(at + end) & 0xc0) == 0x80) end--;",
    to: "",
  },
  {
    name: "a message has the id of the next",
    within: 20,
    file: "chat/protocol/irc/message_writer.ts",
    from: "msgid=${this.epoch}-${message.id}",
    to: "msgid=${this.epoch}-${message.id + (message.id & 1)}",
  },
];

/** @type {import("./net.mjs").Mutation[]} */
export const IRC_MUTATIONS = ALL.map((one) => ({ ...one, name: `irc: ${one.name}`, in: "irc" }));
