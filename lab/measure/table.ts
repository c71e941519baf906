/** Formats a table as text: the first column aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => cell(line, column).length)),
  );
  return lines
    .map((line) =>
      widths
        .map((width, column) =>
          column === 0 ? cell(line, column).padEnd(width) : cell(line, column).padStart(width),
        )
        .join("   ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function cell(line: readonly string[], column: number): string {
  return line[column] ?? "";
}
