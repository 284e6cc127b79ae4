import type { Assumed, Decoded } from "../interface/decoded.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import { readerOf } from "./decode.ts";
import { meaningsOf } from "./meanings.ts";

/** What another kernel answers for the same word: undefined where it is the same, null where that is not known. */
type Other = (answer: Decoded) => Decoded | null | undefined;

/** For one answer after the other, the assumptions that change it. */
export function assumedOf(parts: BackendParts): (answer: Decoded) => readonly Assumed[] {
  const others = lazily(() =>
    parts.assumptions.map(({ sentence, parts: other }) => ({ sentence, otherwise: otherOf(parts, other) })),
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
  const read = readerOf(other);
  const differing: Other = (answer) => {
    const otherwise = read(answer.pte);
    return sameAnswer(answer, otherwise) ? undefined : otherwise;
  };
  if (!sameReading(parts, other)) {
    const bits = BigInt(other.layout.pteBits);
    return (answer) => (answer.pte >> bits !== 0n ? null : differing(answer));
  }
  // Both see the same type and offset: only what the type means can differ, and a swap slot means the same to both.
  const kinds = meaningsOf(other.types).map(({ kind }) => kind);
  return (answer) => {
    if (!("type" in answer)) return undefined;
    return answer.kind === "swap" && kinds[answer.type] === "swap" ? undefined : differing(answer);
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
  "markers",
];

/** Whether two answers say the same of a word, whatever they call the layout. */
function sameAnswer(a: Decoded, b: Decoded): boolean {
  return SAID.every((key) => same(Reflect.get(a, key), Reflect.get(b, key)));
}
