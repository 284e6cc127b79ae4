// Kernel virtual addresses by the kernel's own tables: what core's walk does, without a path and with a memory for tables.
import type { ArchBackend, LevelCodec } from "@ptekit/core";
import { matches, PtekitError, presentPfn, tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Mapping, Translate } from "./virtual.ts";

/** Entries of upper levels that are kept: they are few, and read again and again. */
const MOST_KEPT = 16_384;

/**
 * The translation by the tables of one root.
 *
 * @throws PtekitError `NO_GEOMETRY` where the backend does not say how its tables are walked.
 */
export function translateBy(
  memory: PhysicalMemory,
  backend: ArchBackend,
  root: bigint,
  smeMask: bigint,
): Translate {
  const { geometry, layout, present, kernel } = backend;
  if (geometry === null || present === null)
    throw new PtekitError("NO_GEOMETRY", `${layout.id}: how its tables are walked is not described`);
  const codecs = tablesOf(geometry, layout, kernel.byteOrder, { smeMask });
  const upper = codecs.slice(0, -1);
  const last = codecs.at(-1) as LevelCodec;
  const pageShift = BigInt(last.level.shift);
  const kept = new Map<bigint, bigint>();
  const bytes = new Uint8Array(16);

  const entryAt = (codec: LevelCodec, table: bigint, address: bigint): bigint | null => {
    const at = table + BigInt(codec.indexOf(address) * codec.bytes);
    const known = kept.get(at);
    if (known !== undefined) return known;
    if (memory.read(at, bytes.subarray(0, codec.bytes)) !== "read") return null;
    const word = codec.read(bytes, 0);
    if (codec === last) return word;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(at, word);
    return word;
  };

  return (address) => {
    let table = root;
    for (const codec of upper) {
      const word = entryAt(codec, table, address);
      const kind = word === null ? "none" : codec.kindOf(word);
      if (word === null || kind === "none" || kind === "other") return null;
      if (kind === "leaf") return within(codec.page(word), address, codec.level.shift);
      table = codec.below(word);
    }
    const pte = entryAt(last, table, address);
    if (pte === null || !matches(layout.present, pte)) return null;
    return within(presentPfn(present, pte & ~smeMask) << pageShift, address, last.level.shift);
  };
}

function within(start: bigint, address: bigint, shift: number): Mapping {
  const size = 1n << BigInt(shift);
  const offset = address & (size - 1n);
  return { physical: start | offset, bytes: Number(size - offset), size: Number(size) };
}
