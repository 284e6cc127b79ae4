/** Rows as aligned columns, two spaces apart; the first row is the head. */
export function table(rows: readonly (readonly string[])[], head: (text: string) => string): string[] {
  const widths = rows.reduce<number[]>(
    (wide, row) => row.map((cell, i) => Math.max(cell.length, wide[i] ?? 0)),
    [],
  );
  return rows.map((row, index) => {
    const line = row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
    return index === 0 ? head(line) : line;
  });
}
