/**
 * The answer to a line of a client. A line with a label gets exactly one response
 * (https://ircv3.net/specs/extensions/labeled-response). A long answer is sent in portions: the
 * next one follows once the client has read most of the earlier ones, so that no answer exceeds the
 * limits of the outbox.
 */
import { Loop, Task } from "../../loop/loop";
import { Connection } from "../../net/connection/connection";
import { withTag } from "../protocol/irc/tags";

const CRLF = "\r\n";
/**
 * A portion of a long answer to an IRC client has about this many bytes, and the next one waits
 * until the client is owed at most as many. @limit bytes
 */
const PORTION_BYTES: u32 = 65_536;
/** The soft limit has room for this many portions: so two of them and their tags never reach it. */
const PORTIONS_OF_LIMIT: u32 = 4;
/** The time after which the outbox is checked again, in seconds. */
const CHECK_SECONDS: f64 = 0.02;

/** Some lines of an answer. They are rendered when they are sent. */
export class AnswerPart {
  constructor(private text: string = "") {}

  /** Returns the lines, each with CR LF, or an empty text. */
  render(): string {
    return this.text;
  }
}

/** Writes the portions to the client. */
export interface AnswerWriter {
  writeAnswer(text: string): void;
}

export class Answer extends Task {
  private parts: Array<AnswerPart> = [];
  /** The lines that follow the answer, without its label. */
  private after: string = "";
  private label: string = "";
  /** The name of the batch, if the answer needs one. */
  private batch: string = "";
  /** True while a batch is open that this answer has begun. */
  private isBatch: bool = false;
  /** The index of the first part that is not sent. */
  private next: i32 = 0;

  constructor(
    private loop: Loop,
    private connection: Connection,
    private writer: AnswerWriter,
    /** The name of the server. */
    private server: string,
    /** The soft limit of the outbox, in bytes. */
    private softBytes: u32,
  ) {
    super();
  }

  add(part: AnswerPart): void {
    this.parts.push(part);
  }

  /** Adds lines, with CR LF, that follow the answer without its label. */
  addAfter(text: string): void {
    this.after += text;
  }

  /** Returns all lines that were added, without a label. */
  renderAll(): string {
    let text = "";
    for (let i = 0; i < this.parts.length; i++) text += this.parts[i].render();
    return text;
  }

  /**
   * Sends the answer. If it is long, it sends the first portion, and the client's next lines wait
   * for the others.
   *
   * @param label the label of the line, or empty
   * @param batch a name for a batch, unique for this client
   */
  send(label: string, batch: string): void {
    this.label = label;
    this.batch = batch;
    const text = this.takePortion();
    const first = label == "" ? text : this.labelled(text.split(CRLF));
    if (this.isSent) {
      this.writer.writeAnswer(first + this.endText());
      return;
    }
    this.connection.pendingAnswers++;
    this.writer.writeAnswer(first);
    this.loop.callLater(CHECK_SECONDS, this);
  }

  /** Sends the next portion, if the client has read most of the earlier ones. */
  run(): void {
    const connection = this.connection;
    if (!connection.isOpen) return;
    if (connection.outbox.queuedBytes <= this.portionBytes) {
      const text = this.takePortion();
      const lines = this.isBatch ? this.tagged(text.split(CRLF)) : text;
      if (this.isSent) connection.pendingAnswers--;
      this.writer.writeAnswer(this.isSent ? lines + this.endText() : lines);
    }
    if (!this.isSent) this.loop.callLater(CHECK_SECONDS, this);
  }

  private get isSent(): bool {
    return this.next == this.parts.length;
  }

  private get portionBytes(): u32 {
    return min(PORTION_BYTES, this.softBytes / PORTIONS_OF_LIMIT);
  }

  /** Renders the next parts: one at least, if there is one, and one portion at most. */
  private takePortion(): string {
    const texts: Array<string> = [];
    const most = this.portionBytes;
    let bytes: u32 = 0;
    while (!this.isSent && bytes < most) {
      const text = this.parts[this.next++].render();
      bytes += String.UTF8.byteLength(text);
      texts.push(text);
    }
    return texts.join("");
  }

  /** Labels the first portion. @param lines its lines; the last one is empty */
  private labelled(lines: Array<string>): string {
    if (this.isSent && lines.length == 1) {
      return `@label=${this.label} :${this.server} ACK${CRLF}`;
    }
    const isOne = this.isSent && lines.length == 2;
    if (isOne || lines[0].startsWith(`:${this.server} BATCH +`)) {
      lines[0] = withTag(`label=${this.label}`, lines[0]);
      return lines.join(CRLF);
    }
    this.isBatch = true;
    const begin = `:${this.server} BATCH +${this.batch} labeled-response`;
    return `@label=${this.label} ${begin}${CRLF}${this.tagged(lines)}`;
  }

  /** Returns lines of the batch. @param lines the last one is empty */
  private tagged(lines: Array<string>): string {
    const tag = `batch=${this.batch}`;
    for (let i = 0; i < lines.length - 1; i++) lines[i] = withTag(tag, lines[i]);
    return lines.join(CRLF);
  }

  private endText(): string {
    const end = this.isBatch ? `:${this.server} BATCH -${this.batch}${CRLF}` : "";
    return end + this.after;
  }
}
