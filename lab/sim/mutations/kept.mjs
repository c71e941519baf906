/**
 * Mutations of the data that must survive a restart: messages, ids, topics and bans on the disk.
 */

/** @type {import("./net.mjs").Mutation[]} */
export const KEPT_MUTATIONS = [
  {
    name: "what is heard is not written yet",
    within: 80,
    file: "chat/server.ts",
    from: "chat.connections.beforeSending = commit;",
    to: "",
  },
  {
    name: "ids are given out twice",
    within: 60,
    file: "chat/storage/chat_storage.ts",
    from: "this.lastId = max(this.lastId, this.reservedId);",
    to: "",
  },
  {
    name: "bans are not kept",
    within: 80,
    file: "chat/storage/saved_penalties.ts",
    from: "return this.penalties.revision != this.revision;",
    to: "return false;",
  },
  {
    name: "it is not recorded that a room is private",
    within: 150,
    file: "chat/commands/room_operations.ts",
    from: "room.modes.isPrivate != wasPrivate",
    to: "false",
  },
  {
    name: "a private room is open after a start",
    within: 150,
    file: "chat/storage/saved_rooms.ts",
    from: "if (room !== this.rooms.lobby) room.modes.setFlag(SECRET, isPrivate);",
    to: "",
  },
  {
    name: "a sync is left out",
    within: 60,
    file: "journal/journal.ts",
    from: "if (this.policy == SyncPolicy.ALWAYS) this.sync();",
    to: "",
  },
  {
    name: "a segment torn in its header is left",
    within: 300,
    file: "journal/recovery.ts",
    from: "reader.size < HEADER_BYTES && reader.goodEnd == 0",
    to: "false",
  },
  {
    name: "a torn tail is written behind",
    within: 80,
    file: "journal/recovery.ts",
    from: "found.canGoOn ? reader.goodEnd : reader.size",
    to: "reader.size",
  },
];
