/** The tasks of a journal that its loop runs later. */
import { Task } from "../loop/loop";
import { Journal } from "./journal";

/** Syncs the records that have been written. */
export class SyncTask extends Task {
  constructor(private journal: Journal) {
    super();
  }

  run(): void {
    this.journal.sync();
  }
}

/** Tries to write again after a failure. */
export class RetryTask extends Task {
  constructor(private journal: Journal) {
    super();
  }

  run(): void {
    this.journal.retry();
  }
}
