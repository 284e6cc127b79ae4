import { readFileSync } from "node:fs";
import type { Options, Report, Verdict } from "../src/index.ts";
import { explainAll, textOf, verdictLines } from "../src/index.ts";

/** A report of somebody else, and the right answer: see reports/README.md. */
export interface Expected {
  readonly file: string;
  readonly origin: string;
  readonly arch: string | null;
  readonly release: string | readonly string[] | null;
  readonly asks: readonly string[];
  readonly records: readonly ExpectedWord[];
  readonly cause: string;
  readonly causeFacts: readonly { readonly match: string; readonly why: string }[];
  readonly mustNot: readonly { readonly match: string; readonly why: string }[];
  readonly why: string;
  readonly options?: Options;
}

interface ExpectedWord {
  readonly word?: string;
  readonly entry?: string;
  readonly level?: string;
  readonly kind?: string;
  readonly type?: string;
  readonly offset?: string;
  readonly pfn?: string;
  readonly flags?: readonly string[];
  readonly layout?: string;
  readonly times?: number;
}

/** The answer to a log, as the command line gives it. */
export interface Answer {
  readonly verdict: Verdict | null;
  readonly reports: readonly Report[];
  readonly text: string;
}

export async function answerTo(log: string | Uint8Array, options: Options = {}): Promise<Answer> {
  const { verdict, reports } = await explainAll(log, options);
  const lines: string[] = [];
  if (verdict !== null && reports.length > 1) lines.push(...verdictLines(verdict), "");
  for (const report of reports) lines.push(...(await textOf(report)), "");
  return { verdict, reports, text: lines.join("\n") };
}

/** What is wrong with an answer, in sentences. */
export function judge(expected: Expected, { reports, text }: Answer): string[] {
  const problems: string[] = [];
  const folded = text.replace(/\s+/g, " ");
  const objects = reports.flatMap((report) => report.words.map((word) => ({ word, report })));
  for (const wanted of expected.records) {
    const name = wanted.word ?? wanted.entry ?? "";
    const own = objects.filter(
      ({ word }) =>
        (wanted.word === undefined || same(word.word, wanted.word)) &&
        (wanted.entry === undefined || same(word.entry, wanted.entry)) &&
        (wanted.level === undefined || word.level === wanted.level),
    );
    if (own.length === 0) problems.push(`${name}: no object carries it`);
    if (wanted.times !== undefined && own.length > wanted.times)
      problems.push(`${name}: ${own.length} objects carry it`);
    for (const { word, report } of own) {
      const wrong = (what: string, got: unknown, want: unknown): unknown =>
        problems.push(`${name}: ${what} ${String(got)}, not ${String(want)}`);
      if (wanted.kind !== undefined && word.kind !== wanted.kind) wrong("kind", word.kind, wanted.kind);
      if (wanted.type !== undefined && word.type !== Number(wanted.type))
        wrong("type", word.type, wanted.type);
      if (wanted.offset !== undefined && !same(word.offset, wanted.offset))
        wrong("offset", word.offset, wanted.offset);
      if (wanted.pfn !== undefined && !same(word.pfn, wanted.pfn)) wrong("pfn", word.pfn, wanted.pfn);
      for (const flag of wanted.flags ?? [])
        if (!word.flags?.includes(flag)) wrong("flags", word.flags, flag);
      if (wanted.layout !== undefined && word.layout !== wanted.layout)
        wrong("layout", word.layout, wanted.layout);
      if (expected.arch !== null && report.arch !== expected.arch) wrong("arch", report.arch, expected.arch);
      const releases = [expected.release ?? []].flat();
      if (releases.length > 0 && !releases.includes(report.kernel ?? ""))
        wrong("release", report.kernel, releases.join(" or "));
    }
  }
  for (const { match, why } of expected.causeFacts) {
    if (!new RegExp(match, "i").test(folded)) problems.push(`does not say ${match}: ${why}`);
  }
  for (const { match, why } of expected.mustNot) {
    const found = new RegExp(match, "i").exec(folded);
    if (found) problems.push(`says ${JSON.stringify(found[0])}: ${why}`);
  }
  for (const { question } of reports) {
    const asked = [
      /architecture/i.test(question ?? "") ? "arch" : "",
      /release/i.test(question ?? "") ? "release" : "",
    ];
    for (const one of asked)
      if (one !== "" && !expected.asks.includes(one)) problems.push(`asks for the ${one}`);
  }
  const causes = reports.flatMap(({ findings }) => findings.map(({ cause }) => cause));
  if (!causes.includes(expected.cause))
    problems.push(`finds ${[...new Set(causes)].join(", ") || "nothing"}, not ${expected.cause}`);
  return [...new Set(problems)];
}

const same = (a: string | undefined, b: string): boolean => a !== undefined && numberOf(a) === numberOf(b);
const numberOf = (text: string): bigint => BigInt(`0x${text.replace(/^0x/, "").replaceAll("_", "")}`);

const FOLDER = new URL("../reports/", import.meta.url);

/** Reports of others, as they were handed over, those found in public trackers, and the older cases of the log reader. */
const FILES = ["expected.json", "public-cases.json", "log-cases.json"];

/** The reports of this folder, with the right answers. */
export function cases(): readonly Expected[] {
  return FILES.flatMap((file): Expected[] => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")));
}

export const logOf = ({ file }: Expected): Uint8Array => readFileSync(new URL(file, FOLDER));
