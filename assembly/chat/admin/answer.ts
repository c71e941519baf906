/** The answer to an operator's command: its text, and if it was refused. */
export class Answer {
  constructor(
    public text: string,
    /** True if the command was wrong, or cannot be done now. */
    public isRefusal: bool = false,
  ) {}
}

export function refusal(text: string): Answer {
  return new Answer(text, true);
}
