// Two texts, line by line, as people read a patch. By hand: the texts are a definition each, and only the look matters.

const MOST = 40;
const NEAR = 3;

/** The lines of both, with - and + before what only one has, and a few around each; at most forty. */
export function lineDiff(from: string, to: string): string[] {
  const [a, b] = [linesOf(from), linesOf(to)];
  const marked = merged(a, b);
  const isNear = (i: number): boolean =>
    marked.slice(Math.max(0, i - NEAR), i + NEAR + 1).some((line) => line[0] !== " ");
  const shown = marked.filter((_, i) => isNear(i));
  return shown.length > MOST ? [...shown.slice(0, MOST), `  … ${shown.length - MOST} more lines`] : shown;
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/\s+$/, ""))
    .filter((line) => line !== "");

/** Longest common lines, kept; the rest marked. White space is of no account. */
function merged(a: readonly string[], b: readonly string[]): string[] {
  const same = (i: number, j: number): boolean => key(a[i]) === key(b[j]);
  // lengths[i][j]: how many lines a from i and b from j have in common.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      at(lengths, i)[j] = same(i, j)
        ? 1 + (at(lengths, i + 1)[j + 1] ?? 0)
        : Math.max(at(lengths, i + 1)[j] ?? 0, at(lengths, i)[j + 1] ?? 0);
  const out: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(i, j)) {
      out.push(` ${b[j]}`);
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (at(lengths, i + 1)[j] ?? 0) >= (at(lengths, i)[j + 1] ?? 0))
    )
      out.push(`-${a[i++]}`);
    else out.push(`+${b[j++]}`);
  }
  return out;
}

const at = (rows: readonly Uint32Array[], i: number): Uint32Array => rows[i] as Uint32Array;

const key = (line: string | undefined): string => (line ?? "").replace(/\s+/g, " ").trim();
