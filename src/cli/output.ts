/** What commands print: JSON for scripts, lines and tables for people. */

/** One line of JSON, or the lines for people. */
export function print(options: { json?: boolean | undefined }, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${plainLine(line)}\n`).join(''),
  );
}

/** Names come from people and requests: nothing in them may steer a terminal, nor turn what follows round. */
function plainLine(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_C}]/gu, (character) =>
    character === '\t' || character === '\n' ? character : '�',
  );
}

/** Columns padded to their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}
