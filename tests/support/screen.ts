/** Emulates the part of a terminal that the prompt uses. It has as many rows as are needed. */
export class Screen {
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(private readonly columns: number) {}

  /** The rows, without spaces at their ends. */
  get text(): string {
    return this.#rows
      .map((row) =>
        Array.from({ length: row.length }, (_, at) => row[at] ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n");
  }

  write(text: string): void {
    for (const [piece, parameters = "", command = ""] of text.matchAll(
      // eslint-disable-next-line no-control-regex
      /\x1b\[([\d;?]*)([A-Za-z])|[^]/gu,
    )) {
      if (command === "") this.#put(piece);
      else this.#obey(command, parameters === "" ? undefined : Number(parameters));
    }
  }

  #put(letter: string): void {
    if (letter === "\r") this.#column = 0;
    else if (letter === "\n") this.#goDown();
    else if (letter >= " ") {
      if (this.#column === this.columns) {
        this.#column = 0;
        this.#goDown();
      }
      this.#at(this.#row)[this.#column++] = letter;
    }
  }

  #obey(command: string, value: number | undefined): void {
    switch (command) {
      case "G":
        this.#column = (value ?? 1) - 1;
        break;
      case "A":
        this.#row = Math.max(0, this.#row - (value ?? 1));
        break;
      case "B":
        this.#row += value ?? 1;
        break;
      case "C":
        this.#column += value ?? 1;
        break;
      case "D":
        this.#column = Math.max(0, this.#column - (value ?? 1));
        break;
      case "K":
        this.#at(this.#row).length = this.#column;
        break;
      case "J":
        this.#at(this.#row).length = this.#column;
        this.#rows.length = this.#row + 1;
        break;
      case "m":
        // Colours take no place.
        break;
      default:
        throw new Error(`this terminal does not know ESC [ ${value ?? ""}${command}`);
    }
  }

  #goDown(): void {
    this.#row += 1;
    this.#at(this.#row);
  }

  #at(row: number): string[] {
    while (this.#rows.length <= row) this.#rows.push([]);
    return this.#rows[row] ?? [];
  }
}
