import type { Codec } from "../codec/codec.ts";
import { codecOf } from "../codec/codec.ts";
import { anyOf, gathered, testOf } from "../codec/gather.ts";
import { highOf, joined, lowOf } from "../codec/halves.ts";
import { maskOf, onesMask } from "../data/bits.ts";
import type { PresentLayout } from "../data/present.ts";
import type { MarkerName } from "../data/swap-types.ts";
import type { Access, Assumed, Decoded } from "../interface/decoded.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";
import type { Source } from "./answer.ts";
import { Answer, EntryAnswer } from "./answer.ts";
import type { Meaning } from "./meanings.ts";
import { markersIn, meaningsOf } from "./meanings.ts";
import { upperKindOf } from "./upper.ts";

/** What a word of the right width says. */
export type Reader = (pte: bigint) => Decoded;

/** Keys that only some answers have, while these are made. */
interface Making {
  pfn?: bigint;
  softDirty?: boolean;
  uffdWp?: boolean;
  access?: Access;
  young?: boolean;
  dirty?: boolean;
  write?: boolean;
  special?: boolean;
  protNone?: boolean;
  leaf?: boolean;
  table?: bigint;
  bad?: boolean;
  markers?: readonly MarkerName[];
}

/** The reader of a kernel's words: its layout and its types are looked into once. */
export function readerOf(
  parts: BackendParts,
  assumedFor: (answer: Decoded) => readonly Assumed[] = () => [],
  codec: Codec = codecOf(parts.layout, parts.kernel.swpTypeShift),
): Reader {
  const { layout } = parts;
  const source: Source = {
    arch: parts.arch,
    layout: layout.id,
    level: parts.level ?? "pte",
    pteBits: layout.pteBits,
    assumedFor,
  };
  const { isNone, isPresent, type: typeAt, offset: offsetAt, flags, entry } = codec;
  // Worked out at the first such word: most words that are looked at are no present PTEs.
  const presentAt = lazily(() => parts.present && presentReader(parts.present));
  const kinds = meaningsOf(parts.types).map(({ kind }) => kind);
  const finish = lazily(() => finisher(parts));
  const entryReader: Reader = (pte) => {
    const low = lowOf(pte);
    const high = highOf(pte);
    if (isNone(low, high)) return new Answer(source, pte, "none") as Decoded;
    if (isPresent(low, high)) {
      const answer = new Answer(source, pte, "present");
      presentAt()?.(answer, low, high);
      return answer as Decoded;
    }
    const type = typeAt(low, high);
    const offsetLow = offsetAt.low(low, high);
    const offsetHigh = offsetAt.high(low, high);
    const kind = kinds[type] ?? "unassigned";
    const answer = new EntryAnswer(
      source,
      pte,
      kind,
      type,
      joined(offsetLow, offsetHigh),
      entry(type, offsetLow, offsetHigh),
      flags.exclusive(low, high),
      flags.softDirty(low, high),
      flags.uffdWp(low, high),
    );
    if (kind !== "swap" && kind !== "unassigned") finish()(answer, offsetLow, offsetHigh);
    return answer as Decoded;
  };
  const kindOf = upperKindOf(parts);
  if (kindOf === null) return entryReader;
  return (word) => {
    if (isNone(lowOf(word), highOf(word))) return new Answer(source, word, "none") as Decoded;
    const { kind, table } = kindOf(word);
    if (kind === "none") return new Answer(source, word, "none") as Decoded;
    // pmd_present() is asked of tables too; the pte_present() of hugetlbfs is not.
    const isTable = table !== null && (parts.of === "hugetlb" || isPresent(lowOf(word), highOf(word)));
    if (isTable) return Object.assign(new Answer(source, word, "present"), { leaf: false, table }) as Decoded;
    if (!isPresent(lowOf(word), highOf(word))) return entryReader(word);
    const answer: Answer & Making = new Answer(source, word, "present");
    answer.leaf = kind === "leaf";
    if (kind === "leaf") presentAt()?.(answer, lowOf(word), highOf(word));
    else answer.bad = true;
    return answer as Decoded;
  };
}

/** What a special type's answer has beside type, offset and flags. */
function finisher({
  types,
  kernel,
}: BackendParts): (answer: EntryAnswer & Making, low: number, high: number) => void {
  const meanings = meaningsOf(types);
  const markersAt = markersIn(types);
  // Before 6.1 the whole offset is the PFN; SWP_PFN_MASK came with the young and dirty bits.
  const pfnMask = onesMask(kernel.migrationAd === null ? 64 : kernel.pfnBits);
  const aboveLow = ~lowOf(pfnMask);
  const aboveHigh = ~highOf(pfnMask);
  const isYoung = anyOf(1n << BigInt(kernel.pfnBits));
  const isDirty = anyOf(2n << BigInt(kernel.pfnBits));
  return (answer, low, high) => {
    if (answer.kind === "marker") {
      answer.markers = markersAt(low);
      return;
    }
    const { access, below } = meanings[answer.type] as Meaning;
    if (access !== undefined) answer.access = access;
    if (below !== undefined) {
      answer.pfn = answer.offset >> BigInt(below);
      return;
    }
    answer.pfn =
      ((low & aboveLow) | (high & aboveHigh)) === 0
        ? answer.offset
        : joined(low & ~aboveLow, high & ~aboveHigh);
    if (answer.kind === "migration" && kernel.migrationAd === true) {
      answer.young = isYoung(low, high);
      answer.dirty = isDirty(low, high);
    }
  };
}

/** What the answer for a present PTE has beside the word. */
function presentReader(present: PresentLayout): (answer: Answer & Making, low: number, high: number) => void {
  const rowsOf = (kind: PresentLayout["fields"][number]["kind"]) =>
    present.fields.filter((row) => row.kind === kind);
  const maskFor = (kind: "softDirty" | "uffdWp"): bigint =>
    rowsOf(kind).reduce((mask, row) => mask | maskOf(row), 0n);
  const pfnAt = gathered(rowsOf("pfn"), present.longBits ?? 64);
  const { reads } = present;
  const isWrite = testOf(reads.write);
  const isDirty = testOf(reads.dirty);
  const isYoung = testOf(reads.young);
  const isSpecial = testOf(reads.special ?? []);
  const isProtNone = testOf(reads.protNone ?? []);
  const isNapot = anyOf(present.napot === undefined ? 0n : 1n << BigInt(present.napot));
  const isInverted = present.invertedWhere ? testOf(present.invertedWhere) : () => false;
  const isSoftDirty = anyOf(maskFor("softDirty"));
  const isUffdWp = anyOf(maskFor("uffdWp"));
  return (answer, low, high) => {
    answer.softDirty = isSoftDirty(low, high);
    answer.uffdWp = isUffdWp(low, high);
    const pfn = isInverted(low, high)
      ? joined(pfnAt.low(~low, ~high), pfnAt.high(~low, ~high))
      : joined(pfnAt.low(low, high), pfnAt.high(low, high));
    // Of a Svnapot entry the lowest set bit is the size.
    answer.pfn = isNapot(low, high) ? pfn & (pfn - 1n) : pfn;
    answer.write = isWrite(low, high);
    answer.dirty = isDirty(low, high);
    answer.young = isYoung(low, high);
    answer.special = isSpecial(low, high);
    answer.protNone = isProtNone(low, high);
  };
}
