// A table as a mail carries it: plain text, no line wider than 80 columns; what does not fit stands below as a note.

const WIDTH = 80;
/** The widest that a column may be at first; what is longer becomes a note, and less where the table is too wide so. */
const WIDEST = 12;
/** No note's number is wider. */
const NARROWEST = 4;

/** A cell in few letters, and whole. */
export interface MailCell {
  readonly short: string;
  readonly whole: string;
}

/** The table as text, the first row its head. */
export function mailOf(table: readonly (readonly MailCell[])[], title: string, widest = WIDEST): string {
  const notes: string[] = [];
  const short = ({ short: text, whole }: MailCell): string => {
    if (text.length <= widest) return text;
    if (!notes.includes(whole)) notes.push(whole);
    return `[${notes.indexOf(whole) + 1}]`;
  };
  const [head = [], ...body] = table.map((row) => row.map(short));
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((row) => row[i]?.length ?? 0)));
  const isTooWide = widths.reduce((sum, width) => sum + width + 1, -1) > WIDTH;
  if (isTooWide && widest > NARROWEST) return mailOf(table, title, widest - 1);
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join(" ")
      .trimEnd();
  const legend = (table[0] ?? []).flatMap((cell) =>
    cell.short === "" || cell.short === cell.whole ? [] : [`${cell.short}: ${cell.whole}`],
  );
  return [
    ...wrapped(title, ""),
    "",
    line(head),
    ...body.map(line),
    "",
    ...wrapped(
      "- no; * on some layouts; w written, never selected; else the first release that has it, or the bits",
      "",
    ),
    ...legend.flatMap((text) => wrapped(text, "  ")),
    ...notes.flatMap((text, i) => wrapped(`[${i + 1}] ${text}`, "    ")),
    "",
  ].join("\n");
}

/** A text in lines: the first begins with `first`, the others with `indent`. */
export function wrapped(text: string, indent: string, first = ""): string[] {
  const lines: string[] = [];
  let [line, begin] = [first, first];
  for (const word of text.split(" ")) {
    const longer = line === begin ? `${line}${word}` : `${line} ${word}`;
    if (longer.length <= WIDTH || line === begin) line = longer;
    else {
      lines.push(line);
      [line, begin] = [indent + word, indent];
    }
  }
  return [...lines, line];
}
