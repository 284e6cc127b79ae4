import type { ArchBackend, Field, FieldKind, FlagName, Layout } from "@ptekit/core";
import { longBitsOf, matches, rowsOf } from "@ptekit/core";

// A second reading of the layout, bit by bit and without a table: slow, and independent of core's codec.

/** What a layout's rows say of a word, read one bit at a time. */
export interface Reference {
  readonly none: boolean;
  readonly present: boolean;
  /** __swp_type() and __swp_offset(), before swp_entry_t cuts them. */
  readonly archType: bigint;
  readonly archOffset: bigint;
  /** pte_to_swp_entry() */
  readonly swpEntry: bigint;
  readonly flags: Readonly<Record<FlagName, boolean>>;
}

/** A word, read by the layout's rows. */
export function readByLayout(backend: ArchBackend, pte: bigint): Reference {
  const { layout } = backend;
  const archType = valueIn(layout, "swpType", pte);
  const archOffset = valueIn(layout, "swpOffset", pte);
  return {
    none: matches(layout.none, pte),
    present: matches(layout.present, pte),
    archType,
    archOffset,
    swpEntry: genericEntry(backend, archType, archOffset),
    flags: {
      exclusive: flagIn(layout, "exclusive", pte),
      softDirty: flagIn(layout, "softDirty", pte),
      uffdWp: flagIn(layout, "uffdWp", pte),
    },
  };
}

/** The PTE of an entry, written by the layout's rows: masked where the kernel masks, leaking where it leaks. */
export function writeByLayout(backend: ArchBackend, type: bigint, offset: bigint): bigint {
  const { layout } = backend;
  const shift = BigInt(backend.kernel.swpTypeShift);
  const entry = genericEntry(backend, type, offset);
  let pte = 0n;
  for (const row of rowsOf(layout, "ones"))
    for (let bit = row.low; bit <= row.high; bit++) pte |= 1n << BigInt(bit);
  for (const row of rowsOf(layout, "swpType")) pte |= placed(row, entry >> shift, layout.pteBits);
  for (const row of rowsOf(layout, "swpOffset")) pte |= placed(row, entry % (1n << shift), layout.pteBits);
  return pte;
}

function genericEntry({ layout, kernel }: ArchBackend, type: bigint, offset: bigint): bigint {
  const shift = BigInt(kernel.swpTypeShift);
  return ((type << shift) % (1n << BigInt(longBitsOf(layout)))) + (offset % (1n << shift));
}

const isSet = (word: bigint, bit: number): boolean => (word >> BigInt(bit)) % 2n === 1n;

function valueIn(layout: Layout, kind: FieldKind, pte: bigint): bigint {
  let value = 0n;
  for (const row of rowsOf(layout, kind)) {
    if (row.access === "encode") continue;
    for (let bit = row.low; bit <= row.high; bit++) {
      if (isSet(pte, bit) !== row.inverted) value |= 1n << BigInt(row.from + bit - row.low);
    }
  }
  return value;
}

function flagIn(layout: Layout, flag: FlagName, pte: bigint): boolean {
  return rowsOf(layout, flag).some((row) => row.access !== "encode" && isSet(pte, row.low));
}

function placed(row: Field, value: bigint, pteBits: number): bigint {
  if (row.access === "decode") return 0n;
  const top = row.unmasked ? pteBits - 1 : row.high;
  let pte = 0n;
  for (let bit = row.low; bit <= top; bit++) {
    const within = bit <= row.high;
    if (isSet(value, row.from + bit - row.low) !== (row.inverted && within)) pte += 1n << BigInt(bit);
  }
  return pte;
}
