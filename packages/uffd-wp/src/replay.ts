import type { AnyDecoded, ArchBackend, Term } from "@ptekit/core";
import { accessOf, encodePresent, hex, matches, PtekitError } from "@ptekit/core";
import type { EventName } from "./events.ts";
import { EVENTS, type EventData } from "./events.ts";
import { atLeastRelease } from "./kernel.ts";
import { begin, isHuge, type Life, stateOf } from "./life.ts";
import { pagemapOf, SCAN_CATEGORIES, type ScanCategory, scanOf } from "./pagemap.ts";
import type { Event } from "./parse.ts";
import { type Step, step } from "./step.ts";
import type { FeatureName, VmaKind } from "./vocabulary.ts";

/** One event that a running kernel went through, and what was seen after it. */
export interface Observed {
  /** The name of an event; or `migrate`, which is `migrate-start` and `migrate-end` at once. */
  readonly event: string;
  /** What user space saw: a sight, an errno, `faults without end`; or `not done: ` and why. */
  readonly saw: string;
  /** The page-table entry after it. */
  readonly pte: bigint;
  /** The word of /proc/PID/pagemap after it. */
  readonly pagemap: bigint;
  /** The categories of PAGEMAP_SCAN after it, where the kernel has it. */
  readonly scan?: bigint;
}

/** What a running kernel did with one page. */
export interface ObservedLife {
  readonly vma: VmaKind;
  readonly features: readonly FeatureName[];
  readonly steps: readonly Observed[];
  /** The categories that PAGEMAP_SCAN was asked for. Default: all that the kernel has. */
  readonly categories?: number;
}

/** What the model says of one step of an {@link ObservedLife}. */
export interface Verdict {
  /**
   * `agrees`, `differs`; `refused`: the model refuses the event, and so did the kernel, or nothing came of it;
   * `not done`: the event did not take place; `not modelled`: the model has no such event; `after`: a step after one that
   * differs, or whose outcome is not known.
   */
  readonly verdict: "agrees" | "differs" | "refused" | "not done" | "not modelled" | "after";
  /** What the model took; absent where it took nothing. */
  readonly step?: Step;
  /** What differs, each in a sentence. */
  readonly differences: readonly string[];
}

/**
 * A life that a kernel really went through, held against the model: state, word, pagemap and what user space saw, step by
 * step. Of a word all bits count but the accessed bit, which the CPU sets and reclaim clears at their own time.
 *
 * @throws PtekitError as `begin`.
 */
export function replay(
  backend: ArchBackend,
  { vma, features, steps, categories = 0x3ff }: ObservedLife,
): Verdict[] {
  let life = begin(backend, { vma, features, file: vma.endsWith("file") ? "page" : "hole" });
  let lost = false;
  return steps.map((observed): Verdict => {
    if (lost) return { verdict: "after", differences: [] };
    const result = verdictOf(life, observed, categories);
    lost = result.verdict === "differs" || result.verdict === "not modelled";
    if (result.verdict === "not done" && !same(life, life.pte, observed.pte)) lost = true;
    if (result.step !== undefined) life = result.step.after;
    return result;
  });
}

function verdictOf(life: Life, observed: Observed, categories: number): Verdict {
  if (observed.saw.startsWith("not done: ")) return { verdict: "not done", differences: [] };
  if (!modelled(observed.event).every((name) => Object.hasOwn(EVENTS, name)))
    return { verdict: "not modelled", differences: [] };
  const taken = attempt(life, observed);
  if (taken instanceof PtekitError) {
    const nothing = /^E[A-Z]+$/.test(observed.saw) || observed.saw === "nothing";
    if (nothing && same(life, life.pte, observed.pte)) return { verdict: "refused", differences: [] };
    const differences = [
      `the model refuses (${taken.message}); the kernel: ${observed.saw}, ${wordText(life, observed.pte)}`,
    ];
    return { verdict: "differs", differences };
  }
  const differences = differencesOf(taken, observed, categories);
  return { verdict: differences.length > 0 ? "differs" : "agrees", step: taken, differences };
}

/** What a name of a life file is in the model. */
const modelled = (event: string): readonly EventName[] =>
  event === "migrate" ? ["migrate-start", "migrate-end"] : [event as EventName];

/** The step that the model takes, with the page frame and the slot that the kernel took. */
function attempt(life: Life, { event, pte }: Observed): Step | PtekitError {
  const { kind, type, offset, pfn: found }: AnyDecoded = life.backend.decode(pte);
  // Of an inverted PMD the bits below its size are not the page frame's.
  const pfn = found !== undefined && life.huge && isNone(life, pte) ? found & ~PMD_PFNS : found;
  try {
    let taken: Step | undefined;
    for (const name of modelled(event)) {
      const { takes }: EventData = EVENTS[name];
      const about: Event = {
        name,
        ...(takes === "pfn" && kind === "present" && pfn !== undefined ? { pfn } : {}),
        ...(takes === "slot" && kind === "swap" && type !== undefined && offset !== undefined
          ? { slot: { type, offset } }
          : {}),
      };
      taken = step(taken?.after ?? life, about);
      // The CPU tries again by itself.
      for (let tries = 0; taken.sees === "retry" && tries < 4; tries++) taken = step(taken.after, about);
    }
    if (taken === undefined) throw new PtekitError("BAD_ARGUMENT", `${event} is no event`);
    return { ...taken, before: life, from: stateOf(life) };
  } catch (error) {
    if (error instanceof PtekitError) return error;
    throw error;
  }
}

function differencesOf(taken: Step, observed: Observed, categories: number): string[] {
  const { after } = taken;
  const differences: string[] = [];
  const hold = (what: string, model: string, kernel: string): void => {
    if (model !== kernel) differences.push(`${what}: the model says ${model}, the kernel ${kernel}`);
  };
  hold("saw", taken.sees, observed.saw);
  if (after.mapped) {
    if (!same(after, after.pte, observed.pte))
      hold("pte", wordText(after, after.pte), wordText(after, observed.pte));
    else {
      holdPagemap(after, observed.pagemap, hold);
      if (observed.scan !== undefined) holdScan(after, observed.scan, categories, hold);
    }
  }
  return differences;
}

function holdPagemap(
  life: Life,
  word: bigint,
  hold: (what: string, model: string, kernel: string) => void,
): void {
  const said = pagemapOf(life);
  const bit = (number: bigint): boolean => ((word >> number) & 1n) === 1n;
  const release = (since: string): boolean => atLeastRelease(life.backend, since);
  hold("pagemap present", `${said.present}`, `${bit(63n)}`);
  hold("pagemap swapped", `${said.swapped}`, `${bit(62n)}`);
  hold("pagemap soft-dirty", `${said.softDirty || life.newMapping}`, `${bit(55n)}`);
  if (release("5.14")) hold("pagemap uffd-wp", `${said.uffdWp}`, `${bit(57n)}`);
  if (release("6.15")) hold("pagemap guard", `${said.guard}`, `${bit(58n)}`);
  hold("pagemap frame", hex(said.frame, 64), hex(word & ((1n << 55n) - 1n), 64));
}

/** What depends on whether there is a page table, which a life does not say, is not held, nor what was not asked for. */
function holdScan(
  life: Life,
  word: bigint,
  categories: number,
  hold: (what: string, model: string, kernel: string) => void,
): void {
  const without: readonly ScanCategory[] =
    stateOf(life) !== "none" ? [] : life.wp ? ["PAGE_IS_HUGE"] : ["PAGE_IS_HUGE", "PAGE_IS_WRITTEN"];
  const held = (said: readonly ScanCategory[]): string =>
    namesOf(said.filter((name) => !without.includes(name) && (SCAN_CATEGORIES[name] & categories) !== 0));
  hold("scan", held(scanOf(life)), held(categoriesIn(word)));
}

const namesOf = (said: readonly ScanCategory[]): string => said.join(" ") || "nothing";

/** What a word of categories says, in names. */
const categoriesIn = (word: bigint): ScanCategory[] =>
  (Object.keys(SCAN_CATEGORIES) as ScanCategory[]).filter(
    (name) => (word & BigInt(SCAN_CATEGORIES[name])) !== 0n,
  );

/** Whether a word maps a page without access. */
const isNone = ({ backend }: Life, pte: bigint): boolean =>
  ["none", "noneRead"].includes(accessOf(backend, pte) ?? "");

/** The page frames of a huge PMD, of 2 MiB with pages of 4 KiB. */
const PMD_PFNS = 0x1ffn;

/** Where a word keeps those bits of the page frame. */
function pfnBits(backend: ArchBackend): bigint {
  const of = (pfn: bigint): bigint => encodePresent(backend, { pfn, access: "read" });
  return of(PMD_PFNS) ^ of(0n);
}

/** The word without the bits that say it was used, or, of a hugetlb page, where it is dirty: not the kernel's to say. */
function essence(life: Life, pte: bigint): string {
  const { backend } = life;
  const { present } = backend;
  if (present === null || backend.decode(pte).kind !== "present") return `${pte}`;
  const { young, dirty } = present.reads;
  const single = (terms: readonly Term[]): bigint =>
    terms.reduce((mask, { mask: bits, op }) => (op === "!=" ? mask | bits : mask), 0n);
  // Under PROT_NONE x86 inverts the page frame of a PMD above the PMD's size alone; the codec is of PTEs.
  const below = life.huge && isNone(life, pte) ? pfnBits(backend) : 0n;
  // huge_pte_mkwrite() leaves the dirty bit where pte_mkdirty() of a read-only entry put it.
  const anywhere = isHuge(life) ? single(dirty) : 0n;
  return `${pte & ~single(young) & ~anywhere & ~below} ${anywhere !== 0n && matches(dirty, pte)}`;
}

const same = (life: Life, a: bigint, b: bigint): boolean => essence(life, a) === essence(life, b);

function wordText(life: Life, pte: bigint): string {
  let state: string;
  try {
    state = stateOf({ ...life, pte });
  } catch {
    state = life.backend.decode(pte).kind;
  }
  return `${hex(pte, life.backend.layout.pteBits)} ${state}`;
}
