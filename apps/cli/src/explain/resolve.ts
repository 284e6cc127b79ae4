import { load, names } from "@ptekit/all";
import type { ArchBackend, Target } from "@ptekit/core";
import { parseRelease } from "@ptekit/core";
import { maxPages } from "../limits.ts";
import { shortHex } from "../numbers.ts";
import type { Agreement, Words } from "./backends.ts";
import { agreementOf, backendsAt, backendsEver, bestOf, fitsWidth } from "./backends.ts";
import type { Evidence, Scene } from "./scene.ts";

/** What the user said beside the log. */
export interface Stated {
  readonly arch?: string;
  readonly release?: string;
  readonly rest: Omit<Target, "release">;
}

/** Which kernel a report comes from, and how that was found. */
export interface Resolved {
  readonly backend: ArchBackend | null;
  readonly agreement: Agreement | null;
  /** The architecture, also where it has no backend. */
  readonly arch: string | null;
  readonly release: string | null;
  /** How architecture and release were found. */
  readonly notes: readonly string[];
  /** What only the user can tell, in a sentence. */
  readonly question: string | null;
  /** Where no architecture could be chosen: those on which the two words fit each other. */
  readonly fitting: readonly string[];
}

/** The words of a report, with the PMD printed beside them. */
export interface ReportWords extends Words {
  readonly pmd: bigint | null;
  /** As many digits as the entry was printed with. */
  readonly entryDigits: number;
}

interface Choice {
  readonly backend: ArchBackend;
  readonly agreement: Agreement | null;
  readonly evidence: Evidence;
  readonly notes: readonly string[];
  readonly question: string | null;
  readonly words: Words;
}

/** From this weight on the log itself settles the architecture. */
const DECISIVE = 7;

export async function resolve(words: ReportWords, scene: Scene, stated: Stated): Promise<Resolved> {
  const release = stated.release ?? scene.release?.text ?? null;
  const from = releaseNotes(stated, scene);
  const evidence = evidenceOf(words, scene, stated);
  const choices = await choicesOf(
    evidence.length > 0 ? evidence : anyArch(words),
    words,
    scene,
    stated,
    release,
  );
  const choice = choose(choices, evidence);
  if (!choice) {
    const fitting = choices.filter((one) => sense(one) === 4).map(({ backend }) => backend.arch);
    const question = questionOf(fitting, release);
    return { backend: null, agreement: null, arch: null, release, notes: from, question, fitting };
  }
  return {
    backend: choice.backend,
    agreement: choice.agreement,
    arch: choice.backend.arch,
    release,
    notes: [...because(choice.evidence), ...from, ...choice.notes],
    question: choice.question,
    fitting: [],
  };
}

function releaseNotes(stated: Stated, { release }: Scene): string[] {
  return stated.release === undefined && release !== null
    ? [`release ${release.text} from line ${release.line}`]
    : [];
}

const because = ({ arch, because: words }: Evidence): string[] =>
  words.length > 0 ? [`${arch} because of ${words.map((word) => JSON.stringify(word)).join(", ")}`] : [];

/** Who it may be: stated, or what the log speaks for. */
function evidenceOf(words: ReportWords, scene: Scene, { arch }: Stated): Evidence[] {
  if (arch !== undefined) return [{ arch, weight: 100, because: [] }];
  const narrow =
    words.entry !== null && words.entryDigits === 8 && words.entry >> 32n === 0n && words.entry >> 25n !== 0n;
  return scene.archs
    .map((found) => (narrow && found.arch === "i386" ? { ...found, weight: found.weight + 2 } : found))
    .sort((a, b) => b.weight - a.weight);
}

/** Where the log says nothing at all, every architecture is asked; only words that check each other can decide. */
function anyArch({ pte, entry }: ReportWords): Evidence[] {
  if (entry !== null && pte === null) {
    // An inverted offset field that is nearly empty reads as nearly all ones in 50 bits, as on x86_64 alone.
    const why = `${shortHex(entry)}: an offset of 50 bits, nearly all ones, which an inverted field gives`;
    return looksInverted(entry) ? [{ arch: "x86_64", weight: DECISIVE, because: [why] }] : [];
  }
  return pte === null || entry === null ? [] : names.map((arch) => ({ arch, weight: 0, because: [] }));
}

const looksInverted = (entry: bigint): boolean =>
  entry >> 49n === 1n && ((entry >> 33n) & 0xffffn) === 0xffffn;

/** Without a release: an offset that only an inverted field gives leaves the layouts that have one. */
function everFitting(backends: readonly ArchBackend[], { entry }: ReportWords): readonly ArchBackend[] {
  if (entry === null || !looksInverted(entry)) return backends;
  const inverted = backends.filter(({ layout }) => layout.fields.some((row) => row.inverted));
  return inverted.length > 0 ? inverted : backends;
}

async function choicesOf(
  evidence: readonly Evidence[],
  words: ReportWords,
  scene: Scene,
  stated: Stated,
  release: string | null,
): Promise<Choice[]> {
  const found: Choice[] = [];
  for (const one of evidence) {
    // Words that no architecture's name stands for are refused by name; one that merely lacks a backend is left out.
    const arch = await load(one.arch);
    const wide = (backend: ArchBackend): boolean =>
      fitsWidth(backend, words) && (words.pmd === null || words.pmd >> BigInt(backend.layout.pteBits) === 0n);
    const at =
      release === null
        ? []
        : backendsOr(() => backendsAt(arch, release, stated.rest), stated, release).filter(wide);
    const all = at.length > 0 ? at : everFitting(backendsEver(arch, stated.rest).filter(wide), words);
    const backend = bestOf(preferred(all, scene, words), words);
    if (!backend) continue;
    const agreement = agreementOf(backend, words);
    const guessed =
      at.length === 0
        ? withoutRelease(backend, all, words, agreement, release)
        : { notes: [], question: null };
    found.push({ backend, agreement, evidence: one, words, ...guessed });
  }
  return found;
}

/** A release of the log that ptekit does not know is no reason to give up; one that the user gave is. */
function backendsOr(make: () => ArchBackend[], stated: Stated, release: string): ArchBackend[] {
  if (stated.release !== undefined) return make();
  try {
    return make();
  } catch {
    parseRelease(release);
    return [];
  }
}

/** Layouts with three levels on 32 bits first, or last, as the log has it. */
function preferred(backends: readonly ArchBackend[], { pae }: Scene, words: ReportWords): ArchBackend[] {
  const wanted = pae ?? (words.pmd !== null && words.pmd >> 32n !== 0n ? true : null);
  if (wanted === null) return [...backends];
  const isPae = ({ layout }: ArchBackend): boolean =>
    (layout.when ?? []).some((need) => /^CONFIG_\w*PAE$/.test(need));
  return [
    ...backends.filter((one) => isPae(one) === wanted),
    ...backends.filter((one) => isPae(one) !== wanted),
  ];
}

/** What to say where the release is not known: the layouts that fit, or a question. */
function withoutRelease(
  backend: ArchBackend,
  all: readonly ArchBackend[],
  words: ReportWords,
  agreement: Agreement | null,
  release: string | null,
): { notes: string[]; question: string | null } {
  const why = release === null ? "the log names no release" : `no layout for ${release}`;
  if (agreement?.kind === "same") {
    const fitting = all
      .filter((one) => agreementOf(one, words)?.kind === "same")
      .map(({ layout }) => layout.id);
    return { notes: [`${why}; the two words fit each other in ${fitting.join(", ")}`], question: null };
  }
  const answers = new Set(all.map((one) => answerText(one, words)));
  if (answers.size === 1)
    return {
      notes: [`${why}; ${all.map(({ layout }) => layout.id).join(", ")} read the word alike`],
      question: null,
    };
  return {
    notes: [`${why}: read as ${backend.layout.id}`],
    question: `Which kernel release? ${release === null ? "The log does not say" : `ptekit has no layout for ${release}`}, and ${backend.arch} layouts differ; give --kernel R`,
  };
}

function answerText(backend: ArchBackend, { pte, entry }: ReportWords): string {
  const { kind, type, offset } = backend.decode(pte ?? backend.fromSwpEntry(entry ?? 0n));
  return [kind, type, offset].join(" ");
}

/** The architecture that the log settles, or the one under which the words make sense. */
function choose(choices: readonly Choice[], evidence: readonly Evidence[]): Choice | null {
  const [first, second] = [...choices].sort((a, b) => b.evidence.weight - a.evidence.weight);
  if (!first) return null;
  const lead = first.evidence.weight - (second?.evidence.weight ?? 0);
  if (first.evidence.weight >= DECISIVE && (lead >= 3 || !second)) return first;
  const best = Math.max(...choices.map(sense));
  const making = choices.filter((choice) => sense(choice) === best);
  const [only, other] = making.sort((a, b) => b.evidence.weight - a.evidence.weight);
  if (!only) return null;
  if (!other) return evidence.length > 0 || best >= 3 ? only : null;
  return only.evidence.weight > other.evidence.weight ? only : null;
}

/** How well a backend fits the words: they agree, or almost, or at least name something that can be. */
function sense({ backend, agreement, words }: Choice): number {
  if (agreement?.kind === "same") return 4;
  if (agreement?.kind === "misread") return 3;
  return makesSense(backend, words.pte ?? backend.fromSwpEntry(words.entry ?? 0n)) ? 1 : 0;
}

/** Whether a backend reads a word as something that can be, an offset within a swap area or a special entry. */
function makesSense(backend: ArchBackend, pte: bigint): boolean {
  const { kind, offset } = backend.decode(pte);
  if (kind === "none" || kind === "unassigned") return false;
  return kind !== "swap" || (offset !== undefined && offset <= maxPages(backend));
}

function questionOf(fitting: readonly string[], release: string | null): string {
  const hint = fitting.length > 0 ? ` (the two words fit each other on ${fitting.join(", ")})` : "";
  return release === null
    ? `Which architecture and kernel release? The log does not say${hint}; give --arch A and --kernel R`
    : `Which architecture? The log does not say${hint}; give --arch A`;
}
