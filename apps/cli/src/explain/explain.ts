import { load } from "@ptekit/all";
import type { ArchBackend, Decoded } from "@ptekit/core";
import { NEWEST_RELEASE, parseRelease } from "@ptekit/core";
import type { GenericEntry } from "../generic.ts";
import { genericEntry } from "../generic.ts";
import { bitsSet } from "../numbers.ts";
import type { Agreement } from "./backends.ts";
import { byteCause } from "./bytes.ts";
import type { Cause } from "./causes.ts";
import { causesOf, fitsElsewhere } from "./causes.ts";
import type { LogLine } from "./lines.ts";
import { logLines } from "./lines.ts";
import type { ReportWords, Resolved, Stated } from "./resolve.ts";
import { resolve } from "./resolve.ts";
import type { Scene } from "./scene.ts";
import { sceneOf } from "./scene.ts";
import type { Sighting } from "./sightings.ts";
import { findSightings } from "./sightings.ts";

/** One report of a log: a PTE, a swp_entry_t, or both, and what they say. */
export interface Explanation extends Resolved {
  readonly pte: Sighting | null;
  readonly entry: Sighting | null;
  /** Lines that say the same again. */
  readonly again: number;
  /** What the PTE says, or the PTE behind the entry. */
  readonly said: Decoded | null;
  readonly causes: readonly Cause[];
  /** The swp_entry_t taken apart where no backend is at hand: it is the same on all architectures. */
  readonly generic: GenericEntry | null;
}

/** Everything that a log says about PTEs and swap entries, in its order. */
export async function explainLog(text: string, stated: Stated): Promise<Explanation[]> {
  const lines = logLines(text);
  const found: Explanation[] = [];
  const sightings = findSightings(lines);
  const seen = new Map<string, number>();
  const used = new Set<Sighting>();
  const scenes = scenesOf(lines, sightings);
  for (const one of sightings) {
    if (used.has(one)) continue;
    used.add(one);
    const key = [one.what, one.message, one.process, one.value, one.pmd].join();
    const at = seen.get(key);
    if (at !== undefined) {
      const before = found[at];
      if (before) found[at] = { ...before, again: before.again + 1 };
      continue;
    }
    seen.set(key, found.length);
    const scene = scenes(one);
    const partner = await partnerOf(
      one,
      sightings.filter((other) => !used.has(other)),
      scene,
      stated,
    );
    if (partner) used.add(partner);
    found.push(await explainOne(one, partner, scene, stated));
  }
  return found;
}

/** How many lines apart a PTE and its entry may stand. */
const NEAR = 12;

/** The other word of the same report: one that this one decodes to, or nearly. */
async function partnerOf(
  one: Sighting,
  others: readonly Sighting[],
  scene: Scene,
  stated: Stated,
): Promise<Sighting | null> {
  const near = others.filter((other) => other.what !== one.what && Math.abs(other.line - one.line) <= NEAR);
  for (const wanted of ["same", "misread"] as const) {
    for (const other of near) {
      const { agreement, fitting } = await resolve(wordsOf(one, other), scene, stated);
      if (agreement?.kind === wanted || fitting.length > 0) return other;
    }
  }
  return null;
}

function wordsOf(...pair: readonly (Sighting | null)[]): ReportWords {
  const pte = pair.find((one) => one?.what === "pte");
  const entry = pair.find((one) => one?.what === "entry");
  return {
    pte: pte?.value ?? null,
    entry: entry?.value ?? null,
    pmd: pte?.pmd ?? null,
    entryDigits: entry?.digits.length ?? 0,
  };
}

async function explainOne(
  one: Sighting,
  partner: Sighting | null,
  scene: Scene,
  stated: Stated,
): Promise<Explanation> {
  const words = wordsOf(one, partner);
  const resolved = await resolve(words, scene, stated);
  const pair = [one, partner];
  const head = {
    ...resolved,
    pte: pair.find((sighting) => sighting?.what === "pte") ?? null,
    entry: pair.find((sighting) => sighting?.what === "entry") ?? null,
    again: 0,
  };
  const { backend, agreement } = resolved;
  if (!backend) {
    const release = isKnown(resolved.release) ? resolved.release : NEWEST_RELEASE;
    const generic = words.entry === null ? null : genericEntry(words.entry, scene.longBits, release);
    return { ...head, said: null, causes: bareCauses(words), generic };
  }
  const said = words.pte === null ? saidByEntry(backend, words.entry ?? 0n) : backend.decode(words.pte);
  const causes = causesOf({
    words,
    backend,
    said,
    agreement,
    message: (head.entry ?? one).message,
    pmd: words.pmd,
    releaseKnown: resolved.release !== null,
  });
  return {
    ...head,
    said,
    causes,
    generic: null,
    notes: [...resolved.notes, ...(await mismatchNotes(backend, agreement, words))],
  };
}

function isKnown(release: string | null): release is string {
  try {
    return release !== null && parseRelease(release).numbers.length > 0;
  } catch {
    return false;
  }
}

/** What an entry says whose PTE was not printed; the PTE behind it may read as none, when all its fields were 0. */
function saidByEntry(backend: ArchBackend, entry: bigint): Decoded {
  const said = backend.decode(backend.fromSwpEntry(entry));
  if (said.kind !== "none" && said.kind !== "present") return said;
  const shift = BigInt(backend.kernel.swpTypeShift);
  return {
    ...said,
    kind: "swap",
    type: Number(entry >> shift),
    offset: entry & ((1n << shift) - 1n),
    swpEntry: entry,
  };
}

/** Where the two words do not fit: which other layout they would fit. */
async function mismatchNotes(
  backend: ArchBackend,
  agreement: Agreement | null,
  words: ReportWords,
): Promise<string[]> {
  if (agreement === null || agreement.kind === "same") return [];
  const elsewhere = fitsElsewhere(await load(backend.arch), words).map(({ layout }) => layout.id);
  return elsewhere.length > 0 ? [`the two words would fit each other in ${elsewhere.join(", ")}`] : [];
}

/** What the words show where no layout is known. */
function bareCauses({ pte, entry }: ReportWords): Cause[] {
  const word = pte ?? entry ?? 0n;
  const bits = word >> 32n === 0n ? 32 : 64;
  const cause = pte === null ? null : byteCause(pte, bits);
  const set = bitsSet(word);
  const what = pte === null ? "swp_entry_t" : "PTE";
  const few: Cause[] =
    set.length === 1
      ? [{ name: "one-bit", sentence: `one bit is set in the ${what}: bit ${set[0]}` }]
      : set.length === 2
        ? [
            {
              name: "two-bits",
              sentence: `two-bit pattern: bits ${set.join(" and ")} of the ${what} are set`,
            },
          ]
        : [];
  return [...(cause === null ? [] : [cause]), ...few];
}

/** What the log says of the machine around a sighting: near it first, then anywhere. */
function scenesOf(lines: readonly LogLine[], sightings: readonly Sighting[]): (one: Sighting) => Scene {
  const whole = sceneOf(lines);
  const starts = sightings.map(({ line }) => line);
  return (one) => {
    const before = Math.max(0, ...starts.filter((line) => line < one.line - NEAR));
    const after = starts.find((line) => line > one.line + NEAR) ?? lines.length + 1;
    const near = sceneOf(lines.filter(({ number }) => number >= one.line - NEAR && number < after));
    const earlier = sceneOf(lines.filter(({ number }) => number > before && number < one.line));
    const boot = bootBefore(lines, one.line);
    return {
      release: near.release ?? earlier.release ?? boot?.release ?? whole.release,
      archs:
        [near, earlier, ...(boot ? [boot] : []), whole].find(({ archs }) => (archs[0]?.weight ?? 0) >= 7)
          ?.archs ?? merged(near, whole),
      longBits: near.longBits ?? whole.longBits,
      pae: near.pae ?? whole.pae,
    };
  };
}

const merged = (near: Scene, whole: Scene): Scene["archs"] =>
  near.archs.length > 0 ? near.archs : whole.archs;

/** The last boot before a line. */
function bootBefore(lines: readonly LogLine[], line: number): Scene | null {
  const boot = lines.filter(({ number, text }) => number < line && text.includes("Linux version ")).at(-1);
  return boot ? sceneOf([boot]) : null;
}
