/** What an operator is answered: words, and whether what was asked has been done. */
export class Answer {
  constructor(
    public text: string,
    /** A mistake of whoever asked, or something that cannot be done now. */
    public isRefusal: bool = false,
  ) {}
}

export function refusal(text: string): Answer {
  return new Answer(text, true);
}
