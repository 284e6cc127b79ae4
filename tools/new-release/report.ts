// What was found, as Markdown: for a person at a terminal, and for the issue that the scheduled workflow opens.
import type { Asked } from "./ask-macros.ts";
import type { Comparison, Moved } from "./compare.ts";
import { lineDiff } from "./diff.ts";

/** All that was found out. */
export interface Found extends Comparison {
  readonly release: string;
  readonly from: string;
  readonly newest: string;
  /** Architectures whose data was compared. */
  readonly archs: readonly string[];
  /** Directories of the tree with page tables that no architecture here is of. */
  readonly unknown: readonly string[];
  readonly asked: readonly Asked[];
  readonly seconds: number;
}

/** Whose data a move touches: architectures, and what is of all of them. */
export const touched = ({ moved }: Pick<Comparison, "moved">): string[] =>
  [...new Set(moved.flatMap(({ by }) => by))].sort();

/** The report. */
export function reportText(found: Found): string {
  const { release, from, archs, files, symbols, leantOn, moved, notFound, asked, unknown, newest, seconds } =
    found;
  const with_ = touched(found);
  const still = archs.filter((arch) => !with_.includes(arch));
  const cited = moved.filter(({ through }) => through.length === 0);
  const named = moved.filter(({ what }) => what === "names");
  return [
    `# Linux ${release} against ${from}`,
    `${files} files and ${symbols} symbols that the data cites, and ${leantOn} that those lean on in headers, were compared. ${cited.length} that are cited moved, and ${moved.length - cited.length} beside them; of these, ${named.length} changed in names alone.`,
    "## To read",
    ...(moved.length === 0 ? ["Nothing moved."] : with_.map((by) => section(by, moved, with_.length))),
    ...(still.length > 0
      ? [
          "## Nothing moved",
          `${still.join(", ")}: what is said of ${from} holds for ${release}, as far as it is cited.`,
        ]
      : []),
    ...(notFound.length > 0
      ? [
          "## Not found in either tree",
          "Cited of older releases, or by a name that those files do not have any more:",
          notFound.map(({ file, symbol, by }) => `- \`${symbol}\` in ${file} (${by.join(", ")})`).join("\n"),
        ]
      : []),
    ...(unknown.length > 0
      ? ["## New architectures", unknown.map((arch) => `- arch/${arch}: npm run new-arch ${arch}`).join("\n")]
      : []),
    ...(asked.length > 0 ? ["## What the macros answer", asked.map(askedLine).join("\n")] : []),
    "## Left to a person",
    steps(found, newest).join("\n"),
    `Compared in ${seconds} s.`,
  ]
    .join("\n\n")
    .concat("\n");
}

/** What moved of one architecture's, or of what is of all; what several have is told with the first of them. */
function section(by: string, moved: readonly Moved[], count: number): string {
  const own = moved.filter((one) => one.by[0] === by);
  const shared = moved.filter((one) => one.by[0] !== by && one.by.includes(by));
  const told = [...new Set(shared.map((one) => one.by[0]))].join(", ");
  return [
    `### ${by}`,
    ...own.map(movedText),
    ...(shared.length > 0 && count > 1
      ? [
          `${shared
            .map(nameOf)
            .map((name) => `\`${name}\``)
            .join(", ")}: as under ${told}.`,
        ]
      : []),
  ].join("\n\n");
}

const nameOf = ({ symbol, file }: Moved): string => symbol ?? file;

function movedText(one: Moved): string {
  const { file, symbol, what, now, renames, by, through, from, to } = one;
  const others = by.slice(1);
  const head = [
    symbol === null
      ? `**${file}** ${what}`
      : `**\`${symbol}\`** in ${file}: ${what === "names" ? "as before" : what}`,
    ...(now.length > 0 ? [`defined ${now.join(", ")} now`] : []),
    ...(renames.size > 0
      ? [`names alone: ${[...renames].map(([old, name]) => `${old} → ${name}`).join(", ")}`]
      : []),
    ...(through.length > 0 ? [`by way of ${some(through)}`] : []),
    ...(others.length > 0 ? [`${some(others)} too`] : []),
  ].join("; ");
  const diff = symbol === null || what === "names" ? [] : lineDiff(from, to);
  return diff.length === 0 ? head : [head, "", "```diff", ...diff, "```"].join("\n");
}

const some = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

function askedLine({ arch, variant, rows, problems, seconds }: Asked): string {
  const head = `- ${arch} ${variant}`;
  if (rows === null) return `${head}: ${problems.join("; ")}`;
  if (problems.length === 0) return `${head}: ${rows} rows, all as the data says (${seconds} s)`;
  return [
    `${head}: ${rows} rows, of which some are not as the data says (${seconds} s)`,
    ...problems.map((text) =>
      text
        .split("\n")
        .map((line) => `      ${line}`)
        .join("\n"),
    ),
  ].join("\n");
}

function steps({ release, moved, asked }: Found, newest: string): string[] {
  const mainline = release.replace(/-rc\d+$/, "");
  const made = asked.filter(({ file }) => file !== null);
  return [
    ...(moved.length > 0
      ? [
          "- [ ] Read what moved, above. Where it moves a bit, a type or a predicate: a new layout or row, newest first, with its citation and commit; where not, nothing.",
        ]
      : []),
    ...(made.length > 0
      ? [
          `- [ ] Put the vector files into packages/arch/*/vectors (${made.map(({ file }) => file).join(", ")}).`,
        ]
      : ["- [ ] Make vectors (npm run vectors) for what can be compiled."]),
    ...(mainline === newest || release.includes("-rc")
      ? []
      : [`- [ ] NEWEST_RELEASE in packages/core/src/data/release.ts: ${newest} becomes ${mainline}.`]),
    "- [ ] npm run generate, npm run conformance, npm test; a changeset.",
  ];
}
