/** One client that is told something alone, and not with its group. */
import { ChatEvent } from "../protocol/events";
import { Message } from "./message";

export interface Recipient {
  /** Owes the client an event, after all that it has been told. */
  send(event: ChatEvent): void;
  /** Owes the client a message in the same way. @param isPast whether it comes from a history */
  sendMessage(message: Message, isPast: bool): void;
}
