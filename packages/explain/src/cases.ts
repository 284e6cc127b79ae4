import { clues as allClues } from "@ptekit/all/clues";
import type { ArchClues } from "@ptekit/core";
import { longBitsOf, parseRelease } from "@ptekit/core";
import type { Case, Kin, Reading } from "./findings/case.ts";
import type {} from "./interface.ts";
import type { Line } from "./lines/lines.ts";
import type { PageDump } from "./records/details.ts";
import { detailsIn } from "./records/details.ts";
import type { Found } from "./records/forms.ts";
import type { Record } from "./records/records.ts";
import { merged, pageDumps } from "./records/records.ts";
import type { Scene } from "./scene/scene.ts";
import { DECISIVE } from "./scene/scene.ts";
import type { Stated } from "./stated.ts";
import { archNamed } from "./stated.ts";
import type { Candidate, Pair } from "./words/backends.ts";
import { alternatives, candidatesAt } from "./words/backends.ts";
import type { Choice, Printed } from "./words/choose.ts";
import { choices } from "./words/choose.ts";
import { lookOf } from "./words/look.ts";
import { saidByEntry } from "./words/read.ts";
import type { Upper } from "./words/upper.ts";
import { tableBehind, upperOf } from "./words/upper.ts";

/** A report before the rules have looked at it. */
export interface Draft {
  readonly record: Record;
  /** The record of the swp_entry_t that the kernel printed before it. */
  readonly partner: Record | null;
  readonly pte: Found | null;
  readonly entry: Found | null;
  /** The other levels that were printed. */
  readonly uppers: readonly Found[];
  readonly scene: Scene;
  readonly choice: Choice | null;
  /** Architectures that are as good. */
  readonly rivals: readonly Choice[];
  readonly one: Omit<Case, "kin">;
}

/** The word that a record is about: the lowest level that was printed, or the one that the kernel calls bad. */
export function mainWord({ sighting }: Record): Found | null {
  const { words, kind } = sighting;
  if (kind === "walk" || kind === "tool") return words.find(({ bad }) => bad) ?? words.at(-1) ?? null;
  return words[0] ?? null;
}

/** The words of a record and its partner, as a layout sees them. */
export function printedOf(record: Record, partner: Record | null): Printed {
  const main = mainWord(record);
  const entry = main?.role === "swp_entry_t" ? main : (partner && mainWord(partner)) || null;
  const pte = main?.role === "entry" && main.level === "pte" ? main : null;
  const { words } = record.sighting;
  return {
    pte: pte?.value ?? null,
    entry: entry?.value ?? null,
    pmd: main?.level === "pte" ? (words.find(({ level }) => level === "pmd")?.value ?? null) : null,
    entryDigits: entry?.digits.length ?? 0,
    pages: pageDumps(record.details),
  };
}

/** What a log says of the machine as a whole. */
export interface Machine {
  /** The swap areas that were switched on, in bytes, in order. */
  readonly areas: readonly bigint[];
  readonly memory: bigint | null;
}

/** What the lines of an episode say of the whole machine. */
export function machineOf(lines: readonly Line[]): Machine {
  const areas: bigint[] = [];
  let memory: bigint | null = null;
  for (const { text, number } of lines) {
    if (!MACHINE.test(text)) continue;
    const said = detailsIn(text, number);
    if (said?.swapArea !== undefined) areas.push(said.swapArea);
    memory = said?.memory ?? memory;
  }
  return { areas, memory };
}

const MACHINE = /Adding \d|Memory: \d|qemu-system/;

/** A record with everything that is known of its machine and its words. */
export async function draftOf(
  record: Record,
  partner: Record | null,
  scene: Scene,
  options: Stated,
  machine: Machine,
): Promise<Draft> {
  const printed = printedOf(record, partner);
  const main = mainWord(record);
  const found = await choices(printed, scene, options);
  const { choice, rivals } = decided(found, scene, options);
  const isEntry = main?.role === "swp_entry_t";
  const entry = isEntry ? main : partner === null ? null : mainWord(partner);
  const pte = isEntry ? null : main;
  const reading =
    choice === null || (pte !== null && pte.level !== "pte") ? null : readingOf(choice.chosen, printed);
  const clues = cluesOf(
    choice?.arch ?? (scene.archs[0] && scene.archs[0].weight >= DECISIVE ? scene.archs[0].arch : null),
  );
  const release = options.release ?? scene.release?.value ?? null;
  const others =
    choice === null || reading === null ? [] : await otherReadings(choice, printed, release, options);
  const bits = bitsOfWord(choice, scene, main);
  const details = merged(record.details);
  const upper =
    choice === null || pte === null || pte.level === "pte" || pte.level === "asce"
      ? null
      : upperOf(choice.chosen.backend, pte.level, pte.value);
  const pmd = printed.pmd;
  return {
    record,
    partner,
    pte,
    entry,
    uppers: record.sighting.words.filter(
      (word) => word !== main && word.role === "entry" && !isSame(word, main),
    ),
    scene,
    choice,
    rivals,
    one: {
      message: (isEntry ? record : (partner ?? record)).sighting.message,
      kind: record.sighting.kind,
      level: main?.level ?? "pte",
      bad: main?.bad === true,
      pte: pte?.value ?? null,
      entry: entry?.value ?? null,
      word: reading?.said.pte ?? pte?.value ?? null,
      bits,
      arch: choice?.arch ?? clues?.arch ?? null,
      reading,
      others,
      agreement: choice?.agreement ?? null,
      pmd,
      table: pmd === null ? null : tableBehind(choice?.chosen.backend ?? null, pmd),
      upper,
      details: { ...(machine.memory === null ? {} : { memory: machine.memory }), ...details },
      page: pageOf(printed.pages, reading, upperPfn(upper, choice)),
      clues,
      release,
      numbers: numbersOf(release),
      areas: machine.areas,
    },
  };
}

/** The same entry, printed again among the levels above. */
const isSame = (word: Found, main: Found | null): boolean =>
  main !== null && word.level === main.level && word.value === main.value;

export const cluesOf = (arch: string | null): ArchClues | null =>
  allClues.find((clues) => clues.arch === arch) ?? null;

/** The numbers of a release; null where it is none. */
export function numbersOf(release: string | null): readonly number[] | null {
  try {
    return release === null ? null : parseRelease(release).numbers;
  } catch {
    return null;
  }
}

/** The architecture that the log settles, or the one under which the words make sense. */
function decided(
  found: readonly Choice[],
  scene: Scene,
  options: Stated,
): { readonly choice: Choice | null; readonly rivals: readonly Choice[] } {
  const [first, second] = found;
  if (!first) return { choice: null, rivals: [] };
  if (options.arch !== undefined) return { choice: first, rivals: [] };
  const lead = first.weight - (second?.weight ?? 0);
  if (first.weight >= DECISIVE && (lead >= 2 || !second)) return { choice: first, rivals: [] };
  const agreeing = found.filter(
    ({ agreement }) => agreement?.kind === "same" || agreement?.kind === "misread",
  );
  if (scene.archs.length === 0 && agreeing.length !== 1) return { choice: null, rivals: agreeing };
  return lead > 0 || found.length === 1
    ? { choice: first, rivals: [] }
    : { choice: null, rivals: found.filter(({ weight }) => weight === first.weight) };
}

export function readingOf(candidate: Candidate, { pte, entry }: Pair): Reading | null {
  const { backend } = candidate;
  if (pte !== null)
    return pte >> BigInt(backend.layout.pteBits) === 0n
      ? { candidate, said: backend.decode(pte), look: lookOf(backend, pte) }
      : null;
  if (entry === null || entry >> BigInt(longBitsOf(backend.layout)) !== 0n) return null;
  const said = saidByEntry(backend, entry);
  return { candidate, said, look: lookOf(backend, said.pte) };
}

/** What the word would be by every other layout that it may have been written by. */
async function otherReadings(
  choice: Choice,
  printed: Printed,
  release: string | null,
  options: Stated,
): Promise<Reading[]> {
  const arch = await archNamed(choice.arch, options.own);
  const base = /^\d+\.\d+(?:\.\d+)?/.exec(release ?? "")?.[0];
  const all = [
    ...choice.tried.slice(1),
    ...alternatives(arch, choice.chosen),
    ...(base === undefined ? [] : candidatesAt(arch, base)),
  ];
  const seen = new Set([choice.chosen.backend.layout.id]);
  return all.flatMap((candidate) => {
    const { id } = candidate.backend.layout;
    if (seen.has(id)) return [];
    seen.add(id);
    return readingOf(candidate, printed) ?? [];
  });
}

function bitsOfWord(choice: Choice | null, scene: Scene, main: Found | null): 32 | 64 {
  if (choice) return choice.chosen.backend.layout.pteBits;
  if (main && (main.value >> 32n !== 0n || main.digits.length > 8)) return 64;
  return scene.longBits ?? 32;
}

const upperPfn = (upper: Upper | null, choice: Choice | null): bigint | null =>
  upper?.kind === "present" && upper.address !== null && choice !== null
    ? upper.address >> BigInt(choice.chosen.backend.kernel.pageShift)
    : null;

/** The page dump that belongs to an entry: the one of its page, or the only one. */
function pageOf(pages: readonly PageDump[], reading: Reading | null, huge: bigint | null): PageDump | null {
  const told = reading?.said as { pfn?: bigint } | undefined;
  const pfn = huge ?? told?.pfn ?? reading?.look?.pfn;
  const own = pages.find((page) => page.pfn !== null && page.pfn === pfn);
  if (own) return own;
  const nameless = pages.filter((page) => page.pfn === null || pfn === undefined);
  return nameless[0] ?? null;
}

/** What the other reports of the log have to do with one: those of its table, of its page, its word, and its neighbours. */
export function kinOf(drafts: readonly Draft[]): (index: number) => readonly Kin[] {
  const all = drafts.map(
    ({ one, record }): Kin => ({
      pte: one.level === "pte" ? one.pte : null,
      entry: one.entry,
      pmd: one.pmd,
      pfn: (one.reading?.said as { pfn?: bigint } | undefined)?.pfn ?? null,
      process: record.sighting.process ?? null,
    }),
  );
  const by = new Map<string, number[]>();
  const keysOf = ({ pte, pmd, pfn }: Kin): string[] => [
    ...(pmd === null ? [] : [`pmd ${pmd}`]),
    ...(pfn === null ? [] : [`pfn ${pfn}`]),
    ...(pte === null ? [] : [`pte ${pte}`]),
  ];
  for (const [index, kin] of all.entries()) {
    for (const key of keysOf(kin)) {
      const places = by.get(key) ?? [];
      if (places.length < MOST_KIN) places.push(index);
      by.set(key, places);
    }
  }
  return (index) => {
    const own = all[index];
    if (!own) return [];
    const places = new Set(keysOf(own).flatMap((key) => by.get(key) ?? []));
    for (let near = index - 4; near <= index + 4; near++) places.add(near);
    places.delete(index);
    return [...places].flatMap((place) => all[place] ?? []);
  };
}

const MOST_KIN = 32;
