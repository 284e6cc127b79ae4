import type { AddressField, ArchBackend, LevelName, UpperEntry } from "@ptekit/core";
import { matches, namesOf } from "@ptekit/core";

/** What an entry of an upper level says. */
export interface Upper {
  /** `present`: it maps a huge page; `bad`: neither a table nor a page nor empty. */
  readonly kind: "none" | "table" | "present" | "bad";
  /** The physical address of the table or the page. */
  readonly address: bigint | null;
  /** Bits of that address above what the machine can have. */
  readonly isBeyond: boolean;
}

/** An entry of an upper level by the geometry of a backend; null where none is described, or the level has no entries there. */
export function upperOf(backend: ArchBackend, level: LevelName, value: bigint): Upper | null {
  const entry = entryOf(backend, level);
  if (entry === null || value >> BigInt(8 * entry.bytes) !== 0n) return null;
  if (matches(entry.none, value)) return { kind: "none", address: null, isBeyond: false };
  const beyond = (address: bigint): boolean => address >> BigInt(backend.kernel.physBits) !== 0n;
  if (matches(entry.table, value)) {
    const address = tableOf(entry, value);
    return { kind: "table", address, isBeyond: beyond(address) };
  }
  if (entry.leaf && matches(entry.leaf, value)) {
    const address = addressOf(entry.page ?? entry.address, value);
    return { kind: "present", address, isBeyond: beyond(address) };
  }
  return { kind: "bad", address: null, isBeyond: false };
}

function entryOf({ geometry }: ArchBackend, level: LevelName): UpperEntry | null {
  if (!geometry) return null;
  const at = geometry.levels.findIndex((_one, i) => namesOf(geometry.levels, i).includes(level));
  return geometry.levels[at]?.entry ?? null;
}

const tableOf = (entry: UpperEntry, value: bigint): bigint =>
  addressOf(entry.address, value) + (entry.plus ?? 0n) - (entry.linear ?? 0n);

const addressOf = (fields: readonly AddressField[], value: bigint): bigint =>
  fields.reduce(
    (sum, { high, low, to }) =>
      sum | (((value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n)) << BigInt(to)),
    0n,
  );

/** The physical address of the page table that a PMD names: where its low bits and those above 52 are flags, by these. */
export function tableBehind(backend: ArchBackend | null, pmd: bigint): bigint {
  const upper = backend === null ? null : upperOf(backend, "pmd", pmd);
  return upper?.kind === "table" && upper.address !== null ? upper.address : pmd & 0x000f_ffff_ffff_f000n;
}
