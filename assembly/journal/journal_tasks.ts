/** The tasks of a journal that its loop runs later. */
import { Task } from "../loop/loop";

/** A journal, as its tasks see it. */
export interface TimedJournal {
  /** Syncs the records that have been written. */
  sync(): void;
  /** Tries to write again after a failure. */
  retry(): void;
}

export class SyncTask extends Task {
  constructor(private journal: TimedJournal) {
    super();
  }

  run(): void {
    this.journal.sync();
  }
}

export class RetryTask extends Task {
  constructor(private journal: TimedJournal) {
    super();
  }

  run(): void {
    this.journal.retry();
  }
}
