import type { AddressField, ArchBackend, Decoded, LevelName, UpperEntry } from "@ptekit/core";
import { maskOf, matches, namesOf } from "@ptekit/core";

/** What an entry of an upper level says. */
export interface Upper {
  /** `present`: it maps a huge page; `entry`: a huge page's that is not present; `bad`: nothing that the kernel writes there. */
  readonly kind: "none" | "table" | "present" | "entry" | "bad";
  /** The physical address of the table or the page. */
  readonly address: bigint | null;
  /** Bits of that address above what the machine can have. */
  readonly isBeyond: boolean;
  /** A table's entry with nothing beside the address but what makes it one. */
  readonly isPlain: boolean;
  /** The kernel's view of the level, where entries of huge pages are described; and what the word says by it. */
  readonly backend: ArchBackend | null;
  readonly said: Decoded | null;
}

/** An entry of an upper level by the geometry of a backend; null where none is described, or the level has no entries there. */
export function upperOf(backend: ArchBackend, level: LevelName, value: bigint): Upper | null {
  const entry = entryOf(backend, level);
  if (entry === null || value >> BigInt(8 * entry.bytes) !== 0n) return null;
  const own = level === "pmd" || level === "pud" ? backend.at(level) : null;
  const told = (kind: Upper["kind"], address: bigint | null = null): Upper => ({
    kind,
    address,
    isBeyond: address !== null && address >> BigInt(backend.kernel.physBits) !== 0n,
    isPlain: kind === "table" && isPlain(entry, value),
    backend: own,
    said: own?.decode(value) ?? null,
  });
  if (matches(entry.none, value)) return told("none");
  if (matches(entry.table, value)) return told("table", tableOf(entry, value));
  if (entry.leaf && matches(entry.leaf, value))
    return told("present", addressOf(entry.page ?? entry.address, value));
  return told(own !== null && isHugeEntry(own, value) ? "entry" : "bad");
}

/** Of huge pages: a page on its way, a device's, a poisoned one, a marker; in memory that a machine can have. */
function isHugeEntry(backend: ArchBackend, value: bigint): boolean {
  const said = backend.decode(value);
  const breaks = backend.layout.fields.some(
    (row) =>
      (row.kind === "zeros" && (value & maskOf(row)) !== 0n) ||
      (row.kind === "ones" && (value & maskOf(row)) !== maskOf(row)),
  );
  if (breaks) return false;
  if (said.kind === "marker") return said.markers.length > 0 && said.offset < 0x100n;
  return (
    (said.kind === "migration" || said.kind === "device-private" || said.kind === "hwpoison") &&
    said.pfn << BigInt(backend.kernel.pageShift) < MOST_MEMORY
  );
}

const MOST_MEMORY = 1n << 46n;

function entryOf({ geometry }: ArchBackend, level: LevelName): UpperEntry | null {
  if (!geometry) return null;
  const at = geometry.levels.findIndex((_one, i) => namesOf(geometry.levels, i).includes(level));
  return geometry.levels[at]?.entry ?? null;
}

const isPlain = ({ address, table }: UpperEntry, value: bigint): boolean => {
  const rest = address.reduce((bits, { high, low }) => bits & ~maskOf({ high, low }), value);
  return table.some((term) => term.op === "==" && term.value !== 0n && rest === term.value);
};

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
