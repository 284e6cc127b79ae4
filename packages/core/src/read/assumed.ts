import { codecOf } from "../codec/codec.ts";
import { typeMeaning } from "../data/swap-types.ts";
import type { Decoded } from "../interface/decoded.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import { readPte } from "./decode.ts";

/** For one word after the other, the sentences of the assumptions that change its answer. */
export function assumedOf(parts: BackendParts): (pte: bigint, answer: Decoded) => string[] {
  const others = lazily(() =>
    parts.assumptions.map(({ sentence, parts: other }) => ({ sentence, changes: changedBy(parts, other) })),
  );
  // A number has as many alternatives as other values, all under one sentence.
  return (pte, answer) => [
    ...new Set(others().flatMap(({ sentence, changes }) => (changes(pte, answer) ? [sentence] : []))),
  ];
}

/** Whether the other kernel would answer otherwise, for one word after the other. */
function changedBy(
  parts: BackendParts,
  other: BackendParts | null,
): (pte: bigint, answer: Decoded) => boolean {
  if (other === null) return () => true;
  const codec = codecOf(other.layout, other.kernel.swpTypeShift);
  const differs = (pte: bigint, answer: Decoded): boolean => !sameAnswer(answer, readPte(other, codec, pte));
  if (!sameReading(parts, other)) {
    return (pte, answer) => pte >> BigInt(other.layout.pteBits) !== 0n || differs(pte, answer);
  }
  // Both see the same type and offset: only what the type means can differ, and a swap slot means the same to both.
  return (pte, answer) => {
    if (answer.type === undefined) return false;
    if (answer.kind === "swap" && typeMeaning(other.types, answer.type) === "swap") return false;
    return differs(pte, answer);
  };
}

/** Whether two kernels read every word as the same type, offset and flags, whatever they take them to mean. */
function sameReading(a: BackendParts, b: BackendParts): boolean {
  const reading = ({ layout, present, kernel }: BackendParts): unknown => [
    layout.pteBits,
    layout.longBits,
    layout.fields,
    layout.present,
    layout.none,
    present,
    kernel.swpTypeShift,
  ];
  return same(reading(a), reading(b));
}

/**
 * Whether two answers of one release say the same of a word, whatever they call the layout. The same kinds with the same
 * offset have the same markers.
 */
function sameAnswer(a: Decoded, b: Decoded): boolean {
  return (
    a.kind === b.kind &&
    a.swpEntry === b.swpEntry &&
    a.type === b.type &&
    a.exclusive === b.exclusive &&
    a.softDirty === b.softDirty &&
    a.uffdWp === b.uffdWp &&
    a.access === b.access &&
    a.pfn === b.pfn &&
    a.young === b.young &&
    a.dirty === b.dirty
  );
}
