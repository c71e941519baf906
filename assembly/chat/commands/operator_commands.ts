/** The commands of the operators of rooms: /op, /voice, /kick, /invite and /mode. */
import { excerpt } from "../../text/excerpt";
import { afterFirstWord, firstWord } from "../../text/words";
import { Chat } from "../chat";
import { SHOWN_CHARACTERS } from "../limits";
import { Command, CommandId } from "../protocol/command";
import { MasksListed, ModesListed } from "../protocol/room_events";
import { ModeChange, ModeKind, parseModeChanges } from "../rooms/mode_change";
import { Membership } from "../rooms/room";
import { RoomFault } from "../rooms/room_rules";
import { Session } from "../session/session";
import { findMembership } from "./find_membership";
import { refusesLongText } from "./room_commands";
import { RoomOperations } from "./room_operations";
import { tellFault } from "./room_refusals";

export class OperatorCommands {
  /** Returns true if a command is one of those here, except /mode. */
  static has(id: CommandId): bool {
    return id >= CommandId.OP && id <= CommandId.INVITE;
  }

  /** Runs a command whose number of words was checked. */
  static run(chat: Chat, session: Session, command: Command): void {
    const at = findMembership(chat, session, command.room);
    if (at === null) return;
    chat.announceAtFirstLine(session);
    const rest = command.rest;
    const id = command.id;
    if (id == CommandId.OP || id == CommandId.DEOP) {
      change(chat, session, at, [new ModeChange("o", id == CommandId.OP, rest)]);
    } else if (id == CommandId.VOICE || id == CommandId.DEVOICE) {
      change(chat, session, at, [new ModeChange("v", id == CommandId.VOICE, rest)]);
    } else if (id == CommandId.MODE) {
      listOrChange(chat, session, at, rest);
    } else {
      address(chat, session, at, id == CommandId.KICK, rest);
    }
  }
}

/** Kicks or invites the user whose name is the first word. */
function address(chat: Chat, session: Session, at: Membership, kicks: bool, rest: string): void {
  const name = firstWord(rest);
  const why = afterFirstWord(rest);
  const target = chat.users.find(name);
  let fault = RoomFault.NO_USER;
  if (target !== null) {
    if (kicks && refusesLongText(session, why)) return;
    fault = kicks
      ? RoomOperations.kick(chat, at, target, why)
      : RoomOperations.invite(chat, at, target);
  }
  const isRefused = tellFault(session, fault, at.room.name, excerpt(name, SHOWN_CHARACTERS));
  if (!isRefused && !kicks) session.tell(`${target!.user.name} is invited to ${at.room.name}`);
}

/** Lists the modes, or a list of masks, or changes modes. */
function listOrChange(chat: Chat, session: Session, at: Membership, rest: string): void {
  if (rest == "") {
    listModes(session, at);
    return;
  }
  const words = rest.split(" ").filter((word) => word != "");
  const changes = parseModeChanges(words[0], words.slice(1));
  for (let i = 0; i < changes.length; i++) {
    const one = changes[i];
    if (one.kind != ModeKind.LIST || one.argument != "") continue;
    const masks = at.room.modes.maskListOf(one.letter).entries;
    session.send(new MasksListed(at.room.name, one.letter, masks));
  }
  change(chat, session, at, changes);
}

function change(chat: Chat, session: Session, at: Membership, changes: Array<ModeChange>): void {
  const result = RoomOperations.changeModes(chat, at, at.room, changes);
  const faulty = result.faulty;
  if (faulty === null) return;
  const isName = result.fault == RoomFault.NO_USER || result.fault == RoomFault.NOT_IN_ROOM;
  const subject = isName ? excerpt(faulty.argument, SHOWN_CHARACTERS) : faulty.letter;
  tellFault(session, result.fault, at.room.name, subject);
}

function listModes(session: Session, at: Membership): void {
  const room = at.room;
  const members = room.listMembers();
  const operators: Array<string> = [];
  const voices: Array<string> = [];
  for (let i = 0; i < members.length; i++) {
    if (members[i].isOperator) operators.push(members[i].user.name);
    if (members[i].isVoiced) voices.push(members[i].user.name);
  }
  operators.sort();
  voices.sort();
  const modes = room.modes;
  session.send(new ModesListed(room.name, modes.letters(), modes.values(), operators, voices));
}
