import type { Target } from "@ptekit/core";
import { printable } from "@ptekit/core";
import type { Draft } from "./cases.ts";
import { readingOf } from "./cases.ts";
import type { Case, Kin } from "./findings/case.ts";
import { findingsOf } from "./findings/index.ts";
import type { Evidence, Finding, Report, Verdict } from "./interface.ts";
import { isForeign, wordsOf } from "./words/objects.ts";

/** A report, judged. */
export function reportOf(draft: Draft, kin: readonly Kin[]): Report {
  const { record, partner, choice } = draft;
  const one: Case = { ...draft.one, kin };
  const wide = tooWide(draft);
  const findings = wide === null ? findingsOf(one).map(safe) : [];
  const verdict = wide ?? verdictOf(findings);
  const question = wide === null ? questionOf(draft, one, findings) : NO_QUESTION;
  const target: Target | null = choice?.chosen.target ?? null;
  const { process } = record.sighting;
  const { host } = record.line;
  const numbers = [record.number, ...(partner ? [partner.number] : [])].sort((a, b) => a - b);
  return {
    verdict,
    message:
      one.message === record.sighting.message
        ? one.message
        : `${record.sighting.message}, after ${one.message}`,
    ...(process === undefined ? {} : { process: printable(process) }),
    ...(host === null ? {} : { host: printable(host) }),
    lines: [numbers[0] ?? record.number, numbers.at(-1) ?? record.number],
    arch: one.arch,
    kernel: one.release === null ? null : printable(one.release),
    words: wordsOf(draft, isForeign(findings[0]?.cause)),
    findings,
    evidence: evidenceOf(draft),
    notes: notesOf(draft, one),
    again: 0,
    ...question,
    target,
  };
}

const safe = (finding: Finding): Finding => ({
  ...finding,
  sentence: printable(finding.sentence),
  ...(finding.next === undefined ? {} : { next: printable(finding.next) }),
});

/** What happened: the first of the strongest findings. */
function verdictOf(findings: readonly Finding[]): Verdict {
  const [first] = findings;
  if (!first) return { cause: "unknown", strength: "none", sentence: "the log does not show why" };
  const { cause, strength, sentence, next } = first;
  return { cause, strength, sentence, ...(next === undefined ? {} : { next }) };
}

/** A word that no kernel can have printed as one. */
function tooWide({ pte, entry }: Draft): Verdict | null {
  const wide = [pte, entry].find((found) => found !== null && found.value >> 64n !== 0n);
  if (!wide) return null;
  return {
    cause: "too-wide",
    strength: "sure",
    sentence: `the word needs ${wide.value.toString(2).length} bits; no kernel has such a word, so digits of something else run into it`,
  };
}

function evidenceOf({ scene, choice }: Draft): Evidence[] {
  const arch = scene.archs.find((candidate) => candidate.arch === choice?.arch) ?? scene.archs[0];
  const all = [...(arch?.evidence.slice(0, 4) ?? []), ...(scene.release ? [scene.release] : [])];
  return all.map((one) => ({ ...one, because: printable(one.because), value: printable(one.value) }));
}

function notesOf({ scene, choice, one }: Draft, { release }: Case): string[] {
  const notes: string[] = [];
  if (choice && !choice.exact && release !== null) {
    notes.push(`no layout for ${release} of ${choice.arch}: read as ${choice.chosen.backend.layout.id}`);
  } else if (choice && release === null && one.reading !== null) {
    notes.push(`no release was found: read as ${choice.chosen.backend.layout.id}`);
  }
  if (scene.others.length > 0)
    notes.push(`the log names other kernels as well: ${scene.others.slice(0, 6).join(", ")}`);
  return notes.map(printable);
}

const NO_QUESTION: Pick<Report, "question" | "asks"> = { question: null, asks: [] };

/** What only the user can tell, where the answer hangs on it. */
function questionOf(
  draft: Draft,
  one: Case,
  findings: readonly Finding[],
): Pick<Report, "question" | "asks"> {
  const { choice, rivals } = draft;
  const [first] = findings;
  if (choice === null) {
    if (first !== undefined && first.strength !== "possible") return NO_QUESTION;
    const hint = rivals.length > 0 ? ` (the words fit ${rivals.map(({ arch }) => arch).join(", ")})` : "";
    return one.release === null
      ? {
          question: `Which architecture and kernel release? The log does not say${hint}`,
          asks: ["arch", "release"],
        }
      : { question: `Which architecture? The log does not say${hint}`, asks: ["arch"] };
  }
  if (one.release !== null || one.reading === null || one.level !== "pte" || one.agreement?.kind === "same")
    return NO_QUESTION;
  const alike = choice.tried.every((candidate) => {
    const reading = readingOf(candidate, one);
    if (reading === null) return true;
    if (reading.said.kind === one.reading?.said.kind && same(reading.said, one.reading.said)) return true;
    return first !== undefined && findingsOf({ ...one, reading, others: [] })[0]?.cause === first.cause;
  });
  return alike || (first?.strength === "sure" && isIndependent(first, one))
    ? NO_QUESTION
    : {
        question: `Which kernel release? The log does not say, and ${choice.arch} layouts differ`,
        asks: ["release"],
      };
}

/** The verdict holds by what the word is, whichever layout reads it. */
const isIndependent = ({ cause }: Finding, one: Case): boolean =>
  (isForeign(cause) && cause !== "table-overwritten") || one.reading?.said.kind === "none";

function same(a: object, b: object): boolean {
  const keys = ["type", "offset", "pfn"] as const;
  return keys.every((key) => (a as Record<string, unknown>)[key] === (b as Record<string, unknown>)[key]);
}
