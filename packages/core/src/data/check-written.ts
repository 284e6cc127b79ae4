import { hex, maskOf } from "./bits.ts";
import type { Layout } from "./layout.ts";
import type { Term } from "./predicate.ts";
import type { Field } from "./row.ts";

// What encode writes is neither none nor present: said of a layout where its rows alone are enough to tell.

/** Bits of a value that every kernel writes: types are below 32, and a long has room for such an offset. */
const ALWAYS = { swpType: 5, swpOffset: 25 } as const;

/** Exceptions to it are under the name that the proof has for it. */
const PROPERTY = "what encode writes is neither none nor present";

interface Written {
  /** Bits that are the same in every entry without flags, and what they are. */
  readonly fixed: bigint;
  readonly value: bigint;
  readonly type: bigint;
  readonly offset: bigint;
  /** Of `offset`: the bits that are 1 where the offset's is 0. */
  readonly inverted: bigint;
}

/** The entries of a layout that read as none or as present, one sentence for each predicate. */
export function checkWritten(layout: Layout): string[] {
  if (layout.exceptions?.some(({ property }) => property === PROPERTY)) return [];
  const written = writtenBy(layout.fields);
  return (["none", "present"] as const).flatMap((name) =>
    layout[name].some((term) => holdsOfAnEntry(term, written))
      ? [`${name} holds of entries that encode writes: its mask ${masks(layout, name)} does not tell them`]
      : [],
  );
}

const masks = (layout: Layout, name: "none" | "present"): string =>
  layout[name].map(({ mask }) => hex(mask, layout.pteBits)).join(" and ");

function writtenBy(fields: readonly Field[]): Written {
  const maskFor = (holds: (row: Field) => boolean): bigint =>
    fields.filter(holds).reduce((mask, row) => mask | maskOf(row), 0n);
  const isSure = (row: Field): boolean => row.when.length === 0;
  const bitsOfValue = (kind: "swpType" | "swpOffset", isOf: (row: Field) => boolean = () => true): bigint =>
    fields
      .filter((row) => row.kind === kind && isSure(row) && row.access === "both" && isOf(row))
      .reduce((mask, row) => {
        const count = Math.min(row.high - row.low + 1, Math.max(0, ALWAYS[kind] - row.from));
        return mask | (((1n << BigInt(count)) - 1n) << BigInt(row.low));
      }, 0n);
  const value = maskFor((row) => isSure(row) && row.kind === "ones");
  const zero = maskFor(
    (row) => isSure(row) && ["zeros", "spare", "exclusive", "softDirty", "uffdWp"].includes(row.kind),
  );
  return {
    fixed: value | zero,
    value,
    type: bitsOfValue("swpType"),
    offset: bitsOfValue("swpOffset"),
    inverted: bitsOfValue("swpOffset", (row) => row.inverted),
  };
}

/** Whether a term surely holds of an entry that is not at offset 0. */
function holdsOfAnEntry(
  { mask, op, value }: Term,
  { fixed, value: ones, type, offset, inverted }: Written,
): boolean {
  const differs = ((value ^ ones) & mask & fixed) !== 0n;
  if (op === "!=") return differs || (mask & (type | offset)) !== 0n;
  const isTold = (mask & ~(fixed | type | offset)) === 0n;
  const isElsewhere = (offset & ~mask) !== 0n || ((value ^ inverted) & offset) !== 0n;
  return isTold && !differs && isElsewhere;
}
