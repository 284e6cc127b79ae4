// Rows of a name and two texts as a mail carries them.
import { wrapped } from "../matrix/mail.ts";

const WIDTH = 80;

/** Rows in columns where they fit into 80; one that does not, on lines of its own. */
export function mailTable(rows: readonly (readonly [what: string, from: string, to: string])[]): string[] {
  const width = (i: 0 | 1): number => Math.max(0, ...rows.map((row) => row[i].length));
  return rows.flatMap(([what, from, to]) => {
    const line = `${what.padEnd(width(0))}  ${from.padEnd(width(1))}  ${to}`;
    if (line.length <= WIDTH) return [line];
    return [what, ...wrapped(from, "    ", "  - "), ...wrapped(to, "    ", "  + ")];
  });
}
