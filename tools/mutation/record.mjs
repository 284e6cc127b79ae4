// What a Stryker report says, as docs/mutation.json keeps it: counts per file, and the mutants that survived.

const COUNTED = { Killed: "killed", Timeout: "timeout", Survived: "survived", NoCoverage: "noCoverage" };

/** The counts of every file of a package and, where asked for, each survivor: what it was and what it became. */
export function recordOf(report, { withSurvivors }) {
  const files = {};
  const survivors = [];
  for (const [path, { source, mutants }] of Object.entries(report.files).sort()) {
    const file = path.replace(/^packages\/[^/]+\/src\//, "");
    const counts = { killed: 0, timeout: 0, survived: 0, noCoverage: 0 };
    for (const { status, mutatorName, replacement, location } of mutants) {
      if (COUNTED[status] === undefined) continue;
      counts[COUNTED[status]]++;
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
function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join("\n");
}

const WIDTH = 90;

/** On one line, and cut where it is long. */
function short(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
}
