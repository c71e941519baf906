/** The capabilities that an IRC client can ask for, one bit each (https://ircv3.net/irc). */

export enum Capability {
  NONE = 0,
  SERVER_TIME = 1,
  MESSAGE_TAGS = 2,
  EXTENDED_JOIN = 4,
  AWAY_NOTIFY = 8,
  SETNAME = 16,
  INVITE_NOTIFY = 32,
  ECHO_MESSAGE = 64,
  MULTI_PREFIX = 128,
  USERHOST_IN_NAMES = 256,
  CHGHOST = 512,
  CAP_NOTIFY = 1024,
  BATCH = 2048,
  LABELED_RESPONSE = 4096,
  STANDARD_REPLIES = 8192,
  CHATHISTORY = 16_384,
  READ_MARKER = 32_768,
  EXTENDED_MONITOR = 65_536,
  NO_IMPLICIT_NAMES = 131_072,
  EVENT_PLAYBACK = 262_144,
}

/** The capabilities that change what the members of a room are sent. */
export const FORM_CAPABILITIES: u32 =
  Capability.SERVER_TIME |
  Capability.MESSAGE_TAGS |
  Capability.EXTENDED_JOIN |
  Capability.AWAY_NOTIFY |
  Capability.SETNAME |
  Capability.INVITE_NOTIFY;

/** The names, in the order of the bits. */
const NAMES: StaticArray<string> = [
  "server-time",
  "message-tags",
  "extended-join",
  "away-notify",
  "setname",
  "invite-notify",
  "echo-message",
  "multi-prefix",
  "userhost-in-names",
  "chghost",
  "cap-notify",
  "batch",
  "labeled-response",
  "standard-replies",
  "draft/chathistory",
  "draft/read-marker",
  "extended-monitor",
  "draft/no-implicit-names",
  "draft/event-playback",
];

/** Returns the capability with this name, or NONE. */
export function findCapability(name: string): Capability {
  for (let i = 0; i < NAMES.length; i++) if (NAMES[i] == name) return <Capability>(1 << i);
  return Capability.NONE;
}

/** Returns the names of a set of capabilities. */
export function capabilityNames(set: u32): Array<string> {
  const names: Array<string> = [];
  for (let i = 0; i < NAMES.length; i++) if ((set & (1 << i)) != 0) names.push(NAMES[i]);
  return names;
}

/** Returns the set of all capabilities. */
export function allCapabilities(): u32 {
  return (1 << NAMES.length) - 1;
}
