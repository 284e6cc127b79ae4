import { typeMeaning } from "../data/swap-types.ts";
import type { Assumed, Decoded, Kind } from "../interface/decoded.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { alternativesOf } from "../target/select.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import { readerOf } from "./decode.ts";

/** What another kernel answers for the same word: undefined where it is the same, null where that is not known. */
type Other = (answer: Decoded) => Decoded | null | undefined;

/** For one answer after the other, the assumptions that change it. */
export function assumedOf(parts: BackendParts): (answer: Decoded) => readonly Assumed[] {
  const others = lazily(() =>
    alternativesOf(parts).map(({ sentence, parts: other }) => ({
      sentence,
      otherwise: otherOf(parts, other()),
    })),
  );
  return (answer) => {
    const found: Assumed[] = [];
    for (const { sentence, otherwise: read } of others()) {
      const otherwise = read(answer);
      // A number has as many alternatives as other values, all under one sentence.
      const isKnown = found.some((one) => one.sentence === sentence && sameOther(one.otherwise, otherwise));
      if (otherwise !== undefined && !isKnown) found.push(Object.freeze({ sentence, otherwise }));
    }
    return Object.freeze(found);
  };
}

function sameOther(a: Decoded | null, b: Decoded | null | undefined): boolean {
  return a === b || (a !== null && b !== null && b !== undefined && sameAnswer(a, b));
}

function otherOf(parts: BackendParts, other: BackendParts | null): Other {
  if (other === null) return () => null;
  const read = lazily(() => readerOf(other));
  const differing: Other = (answer) => {
    const otherwise = read()(answer.pte);
    return sameAnswer(answer, otherwise) ? undefined : otherwise;
  };
  if (!sameEntries(parts, other)) {
    const bits = BigInt(other.layout.pteBits);
    return (answer) => (answer.pte >> bits !== 0n ? null : differing(answer));
  }
  // Both see the same type and offset: only what the type means can differ, and what is read in the offset of a special one.
  const samePfns = lazily(() => sameNumbers(parts, other));
  const sameMarkers = lazily(() => same(parts.types.markers, other.types.markers));
  const isReadAlike = (kind: Kind): boolean => {
    if (kind === "swap" || kind === "unassigned") return true;
    return kind === "marker" ? sameMarkers() : samePfns();
  };
  const samePresent = lazily(() => same(parts.present, other.present));
  return (answer) => {
    if (answer.kind === "present") return samePresent() ? undefined : differing(answer);
    if (!("type" in answer)) return undefined;
    const isSame = typeMeaning(parts.types, answer.type) === typeMeaning(other.types, answer.type);
    return isSame && isReadAlike(answer.kind) ? undefined : differing(answer);
  };
}

/** Whether two kernels tell none, present and entries apart alike, and read every entry as the same type, offset and flags. */
function sameEntries(a: BackendParts, b: BackendParts): boolean {
  return (
    a.kernel.swpTypeShift === b.kernel.swpTypeShift &&
    a.layout.pteBits === b.layout.pteBits &&
    a.layout.longBits === b.layout.longBits &&
    same(a.layout.fields, b.layout.fields) &&
    same(a.layout.misreads, b.layout.misreads) &&
    same(a.layout.present, b.layout.present) &&
    same(a.layout.none, b.layout.none) &&
    // Above the PTEs the geometry tells tables from pages.
    ((a.level ?? "pte") === "pte" || same(a.geometry?.levels, b.geometry?.levels))
  );
}

/** Whether the PFN and the age of a special type stand in the same bits of the offset. */
const sameNumbers = ({ kernel: a }: BackendParts, { kernel: b }: BackendParts): boolean =>
  a.pfnBits === b.pfnBits && a.migrationAd === b.migrationAd;

/** What an answer says beside the word, the layout's name and the assumptions. */
const SAID = [
  "kind",
  "type",
  "swpEntry",
  "exclusive",
  "softDirty",
  "uffdWp",
  "access",
  "pfn",
  "young",
  "dirty",
  "write",
  "special",
  "protNone",
  "leaf",
  "table",
  "bad",
  "markers",
];

/** Whether two answers say the same of a word, whatever they call the layout. */
function sameAnswer(a: Decoded, b: Decoded): boolean {
  return SAID.every((key) => same(Reflect.get(a, key), Reflect.get(b, key)));
}
