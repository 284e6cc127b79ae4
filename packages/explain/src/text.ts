import type { Architecture } from "@ptekit/core";
import { hex, longBitsOf, presentRulerRows, rulerRows, rulerWithWords } from "@ptekit/core";
import type { Report, Verdict, Word } from "./interface.ts";
import { archNamed } from "./stated.ts";
import { backendOf } from "./words/backends.ts";

/** How parts of the text are set apart on a terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
}

const same = (text: string): string => text;
const PLAIN: Style = { bold: same, dim: same, red: same, yellow: same, cyan: same, green: same };

const SURE: Readonly<Record<Verdict["strength"], string>> = {
  sure: "sure",
  likely: "likely",
  possible: "possible",
  none: "not from this",
};

/** A verdict in lines: what happened, how sure that is, what to look at next. */
export function verdictLines(verdict: Verdict, style: Style = PLAIN): string[] {
  const { cause, strength, sentence, next } = verdict;
  return [
    `${style.red(`verdict (${cause}, ${SURE[strength]}):`)} ${sentence}`,
    ...(next === undefined ? [] : [`${style.cyan("look at:")} ${next}`]),
  ];
}

/**
 * A report in lines: the verdict first, then its words under the kernel's ruler, then the reasons, each once. Where the
 * options named an architecture of your own, it is asked for again: a report carries its name alone.
 */
export async function textOf(report: Report, style: Style = PLAIN, own?: Architecture): Promise<string[]> {
  const { verdict, words, findings, evidence, notes, question, asks, again } = report;
  return [
    style.bold(headOf(report)),
    ...(again > 0 ? [style.dim(`the same ${again} more times`)] : []),
    ...verdictLines(verdict, style),
    ...(await wordLines(report, style, own)),
    ...checkLines(words, style),
    ...findings.slice(1).map(({ sentence, strength }) => `also (${SURE[strength]}): ${sentence}`),
    ...evidenceLines(evidence, report).map(style.dim),
    ...notes.map((note) => style.yellow(`note: ${note}`)),
    ...words.flatMap(({ assumed = [], foreign }) =>
      foreign ? [] : assumed.map((text) => style.yellow(`assumed: ${text}`)),
    ),
    ...(question === null
      ? []
      : [style.cyan(`${question}; give ${asks.map((what) => OPTIONS[what]).join(" and ")}`)]),
  ];
}

/** The options of the command line that answer a question. */
const OPTIONS: Readonly<Record<Report["asks"][number], string>> = { arch: "--arch A", release: "--kernel R" };

function headOf({ lines: [first, last], message, process, host }: Report): string {
  const place = first === last ? `line ${first}` : `lines ${first}-${last}`;
  return `${place}: ${message}${process === undefined ? "" : ` in process ${process}`}${host === undefined ? "" : ` on ${host}`}`;
}

function checkLines([main]: readonly Word[], style: Style): string[] {
  if (main?.agreement === undefined) return [];
  const same = main.agreement === "same";
  const text = `check: the swp_entry_t ${main.entry} is ${same ? "exactly" : "not"} this PTE decoded`;
  return [same ? text : style.yellow(text)];
}

async function wordLines(
  { words, arch, target, kernel }: Report,
  style: Style,
  own: Architecture | undefined,
): Promise<string[]> {
  const [main, ...uppers] = words;
  const backend = arch !== null && target !== null ? backendOf(await archNamed(arch, own), target) : null;
  const lines: string[] = [];
  if (main) {
    lines.push(`${printedOf(main)}  ${style.green(main.meaning)}`);
    if (backend && main.pte !== undefined && !main.foreign && main.layout !== undefined) {
      const { layout, present } = backend;
      const entry =
        main.swpEntry === undefined ? [] : [`swp_entry_t ${hex(BigInt(main.swpEntry), longBitsOf(layout))}`];
      lines.push(
        style.dim(
          [...entry, `layout ${main.layout}`, `Linux ${kernel ?? backend.kernel.release}`].join(" · "),
        ),
      );
      const rows =
        main.kind === "present" && present ? presentRulerRows(present, BigInt(main.pte)) : rulerRows(layout);
      const drawing = rulerWithWords(rows, layout.pteBits, rowsOf(main, backend));
      lines.push("", ...drawing.split("\n").map((line) => (line === "" ? "" : `  ${line}`)), "");
    } else if (arch !== null && kernel !== null) lines.push(style.dim(`${arch}, Linux ${kernel}`));
  }
  return [
    ...lines,
    ...uppers.map((word) => `${printedOf(word)}  ${word.meaning}${word.table ? ` at ${word.table}` : ""}`),
  ];
}

/** The PTE, and the entry's own PTE below it where the two differ. */
function rowsOf(
  main: Word,
  backend: { fromSwpEntry(entry: bigint): bigint; toSwpEntry(pte: bigint): bigint },
): { word: bigint; label: string }[] {
  const word = BigInt(main.pte ?? "0");
  const own = { word, label: main.word === undefined ? "entry" : "pte" };
  if (main.entry === undefined || main.word === undefined) return [own];
  const entry = BigInt(`0x${main.entry.replaceAll("_", "")}`);
  return backend.toSwpEntry(word) === entry
    ? [own]
    : [own, { word: backend.fromSwpEntry(entry), label: "entry" }];
}

const printedOf = ({ word, entry, pte, level, foreign }: Word): string =>
  [
    word === undefined
      ? foreign || pte === undefined
        ? ""
        : `${level} ${pte} (behind the entry, its flags unknown)`
      : `${level} ${word}`,
    entry === undefined ? "" : `swp_entry_t ${entry}`,
  ]
    .filter((text) => text !== "")
    .join(", ");

function evidenceLines(evidence: Report["evidence"], { arch, kernel }: Report): string[] {
  const of = (says: string, value: string | null): Report["evidence"] =>
    evidence.filter((one) => one.says === says && one.value === value);
  const archs = of("arch", arch);
  const [release] = of("release", kernel);
  return [
    ...(archs.length > 0 && arch !== null
      ? [
          `found: ${arch} because of ${archs.map(({ because, line }) => `${JSON.stringify(because)} (line ${line})`).join(", ")}`,
        ]
      : []),
    ...(release ? [`found: release ${release.value} in line ${release.line}`] : []),
  ];
}
