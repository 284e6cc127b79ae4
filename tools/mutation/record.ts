// What a Stryker report says, as docs/mutation.json keeps it: counts per file, and the mutants that survived.

/** How many mutants of a file met which end. */
export type Counts = Record<"killed" | "timeout" | "survived" | "noCoverage", number>;

/** A mutant that no test judged: where it stands, what stood there, and what it became. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly was: string;
  readonly becomes: string;
}

/** What docs/mutation.json says of a package. */
export interface PackageRecord {
  readonly files: Readonly<Record<string, Counts>>;
  readonly survivors?: readonly Survivor[];
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Range {
  readonly start: Place;
  readonly end: Place;
}

/** A Stryker report (mutation-testing-report-schema), as far as it is read. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: Range;
}

const COUNTED: Readonly<Record<string, keyof Counts>> = {
  Killed: "killed",
  Timeout: "timeout",
  Survived: "survived",
  NoCoverage: "noCoverage",
};

/** The counts of every file of a package and, where asked for, each survivor: what it was and what it became. */
export function recordOf(report: Report, { withSurvivors }: { withSurvivors: boolean }): PackageRecord {
  const files: Record<string, Counts> = {};
  const survivors: Survivor[] = [];
  for (const [path, { source, mutants }] of Object.entries(report.files).sort()) {
    const file = path.replace(/^.*?\/src\//, "");
    const counts = { killed: 0, timeout: 0, survived: 0, noCoverage: 0 };
    for (const { status, mutatorName, replacement = "", location } of mutants) {
      const counted = COUNTED[status];
      if (counted === undefined) continue;
      counts[counted]++;
      if (status === "Survived" || status === "NoCoverage") {
        survivors.push({
          file,
          line: location.start.line,
          mutator: mutatorName,
          was: short(textAt(source, location)),
          becomes: short(replacement),
        });
      }
    }
    if (Object.values(counts).some((count) => count > 0)) files[file] = counts;
  }
  survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { files, ...(withSurvivors && { survivors }) };
}

/** The text between two places; lines and columns count from 1. */
function textAt(source: string, { start, end }: Range): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const ended = [...lines.slice(0, -1), (lines.at(-1) ?? "").slice(0, end.column - 1)];
  return ended.join("\n").slice(start.column - 1);
}

const WIDTH = 90;

/** On one line, and cut where it is long. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
}
