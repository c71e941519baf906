/** A client that gets events and messages of its own, outside its broadcast group. */
import { ChatEvent } from "../protocol/events";
import { Message } from "./message";

export interface Recipient {
  /** Queues an event, after everything that the client has been sent. */
  send(event: ChatEvent): void;
  /**
   * Queues a message, after everything that the client has been sent.
   *
   * @param isPast true if it comes from a history
   */
  sendMessage(message: Message, isPast: bool): void;
  /** Returns an event as its protocol writes it. */
  render(event: ChatEvent): string;
  /**
   * Queues a text, unless the client has got a text with this number before.
   *
   * @param number the last number again, or a greater one
   */
  sendOnce(text: string, number: u64): void;
}
