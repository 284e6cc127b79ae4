// From an address to its way through the levels, as far as the entries are known. Nothing here knows the page.
import type { ArchBackend, Decoded, LevelCodec, LevelName, SettledGeometry, Walk } from "@ptekit/core";
import { longBitsOf, meaningOf, namesOf, PtekitError, tablesOf, walk } from "@ptekit/core";
import type { WalkState } from "./link.ts";

/** One level on the way. */
export interface Stage {
  /** The kernel's names of it: several where levels are folded into one. */
  readonly names: readonly LevelName[];
  readonly shift: number;
  readonly indexBits: number;
  readonly index: number;
  readonly entries: number;
  readonly bytes: number;
  /** How many bytes of addresses an entry spans. */
  readonly span: bigint;
  /** Physical address of the entry; null where the table's is not known. */
  readonly at: bigint | null;
  /** The entry, where it is given and the way comes here; and what it says. */
  readonly entry: bigint | null;
  readonly says: string;
  /** Where its entry is decoded on its own: the level of the word's link. */
  readonly level: "pte" | "pmd" | "pud" | null;
}

/** The way of an address. */
export interface Way {
  readonly geometry: SettledGeometry;
  readonly stages: readonly Stage[];
  /** How it ends, in a sentence. */
  readonly sentence: string;
  /** The physical address of the byte, where an entry maps a page. */
  readonly physical: bigint | null;
}

/**
 * The way of an address by a kernel's levels.
 *
 * @throws PtekitError `NO_GEOMETRY` where no levels are described, `BAD_WORD` where the address or an entry is too wide.
 */
export function wayOf(backend: ArchBackend, { address, root, entries }: WalkState): Way {
  const { geometry, layout, kernel } = backend;
  if (geometry === null)
    throw new PtekitError("NO_GEOMETRY", `${layout.id}: the levels of its tables are not described`);
  const value = fitting(address || "0x0", longBitsOf(layout), "an address");
  const codecs = tablesOf(geometry, layout, kernel.byteOrder);
  const stages: Stage[] = [];
  let table: bigint | null = root === "" ? null : BigInt(root);
  let sentence = address === "" ? "Give an address." : "";
  let physical: bigint | null = null;
  for (const [i, codec] of codecs.entries()) {
    const names = namesOf(geometry.levels, i);
    const given = names.map((name) => entries[name]).find((text) => text !== undefined);
    const isReached = sentence === "";
    const entry =
      isReached && given !== undefined
        ? fitting(given, 8 * codec.bytes, `an entry of the ${names[0]}`)
        : null;
    const index = codec.indexOf(value);
    const lowest = names.at(-1) as LevelName;
    const level = lowest === "pte" || lowest === "pmd" || lowest === "pud" ? lowest : null;
    const at = table === null ? null : table + BigInt(index * codec.bytes);
    let says = isReached ? "not given" : "not reached";
    table = null;
    if (entry !== null) {
      const said = saidOf(backend, codec, level, entry);
      says = said.says;
      if (said.table !== null) table = said.table;
      else {
        sentence = `The way ends at the ${names[0]}: ${says}.`;
        if (said.page !== null) physical = said.page | (value & ((1n << BigInt(codec.level.shift)) - 1n));
      }
    }
    stages.push({
      names,
      shift: codec.level.shift,
      indexBits: codec.level.indexBits,
      index,
      entries: codec.entries,
      bytes: codec.bytes,
      span: 1n << BigInt(codec.level.shift),
      at,
      entry,
      says,
      level: level !== null && backend.at(level) === null ? null : level,
    });
  }
  const known = stages.filter(({ entry }) => entry !== null).length;
  return {
    geometry,
    stages,
    sentence:
      sentence ||
      (known === 0
        ? `${codecs.length} levels lead to its entry; the entries are not given.`
        : "The way leads on; the last entry is not given."),
    physical,
  };
}

function fitting(text: string, bits: number, what: string): bigint {
  const value = BigInt(text);
  if (value >> BigInt(bits) === 0n) return value;
  throw new PtekitError(
    "BAD_WORD",
    `${text} needs ${value.toString(2).length} bits, ${what} has ${bits} here`,
  );
}

/** What an entry says, and where it leads. */
function saidOf(
  backend: ArchBackend,
  codec: LevelCodec,
  level: Stage["level"],
  entry: bigint,
): { readonly says: string; readonly table: bigint | null; readonly page: bigint | null } {
  const own = level === null ? null : backend.at(level);
  if (codec.level.entry === undefined) {
    const said: Decoded = backend.decode(entry);
    const frame = said.kind === "present" && said.pfn !== undefined ? said.pfn : null;
    return {
      says: meaningOf(backend, said),
      table: null,
      page: frame === null ? null : frame << BigInt(backend.kernel.pageShift),
    };
  }
  const kind = codec.kindOf(entry);
  if (kind === "table") {
    const table = codec.below(entry);
    return { says: `leads to the table at 0x${table.toString(16)}`, table, page: null };
  }
  if (kind === "none") return { says: "empty: nothing is below", table: null, page: null };
  const says = own
    ? meaningOf(own, own.decode(entry))
    : kind === "leaf"
      ? "maps a page of its own"
      : "bad: nothing that this kernel writes here";
  return { says, table: null, page: kind === "leaf" ? codec.page(entry) : null };
}

/**
 * The walk itself, as the library takes it: from the root, over memory in which nothing but the given entries is.
 *
 * @throws PtekitError as `walk()` does.
 */
export function walked(backend: ArchBackend, { stages }: Way, { address, root }: WalkState): Walk {
  const known = new Map(
    stages.flatMap(({ at, entry, bytes }) => (at === null || entry === null ? [] : [[at, { entry, bytes }]])),
  );
  return walk(backend, BigInt(root), BigInt(address), (at, into) => {
    const found = known.get(at);
    if (found === undefined || found.bytes !== into.length) return "its entry is not given";
    const isBig = backend.kernel.byteOrder === "big";
    for (let i = 0; i < into.length; i++)
      into[isBig ? into.length - 1 - i : i] = Number((found.entry >> BigInt(8 * i)) & 0xffn);
    return true;
  });
}
