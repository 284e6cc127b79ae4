import type { LevelCodec } from "../codec/tables.ts";
import { tablesOf } from "../codec/tables.ts";
import { hex } from "../data/bits.ts";
import type { Geometry, LevelName } from "../data/geometry.ts";
import { namesOf } from "../data/geometry.ts";
import { longBitsOf } from "../data/layout.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { ReadMemory, TreeOptions } from "../interface/walk.ts";

// What every way through the tables begins with: the geometry, the root, and a memory that may answer anything.

/** A backend's tables. */
export interface Tree {
  readonly backend: ArchBackend;
  readonly geometry: Geometry;
  /** From the root down. */
  readonly codecs: readonly LevelCodec[];
  /** The lowest name of each. */
  readonly names: readonly LevelName[];
  /** Width of a virtual address. */
  readonly addressWidth: 32 | 64;
  /** Bits of a frame's address that are none. */
  readonly smeMask: bigint;
}

/** The options that every way through the tables takes. */
export const TREE_OPTIONS = ["levels", "smeMask", "linear"] as const;

/**
 * The tables of a backend's kernel.
 *
 * @throws PtekitError `NO_GEOMETRY`, `UNKNOWN_OPTION`, `BAD_ARGUMENT`.
 */
export function treeOf(backend: ArchBackend, options: TreeOptions, known: readonly string[]): Tree {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new PtekitError("UNKNOWN_OPTION", `the tables are read with ${known.join(", ")}, not ${key}`);
    }
  }
  const { layout, kernel } = backend;
  if (backend.geometry === null) {
    throw new PtekitError("NO_GEOMETRY", `${layout.id}: how its tables are walked is not described`);
  }
  const { levels, smeMask = 0n, linear } = options;
  const key = `${levels} ${smeMask} ${linear}`;
  const before = made.get(backend)?.get(key);
  if (before !== undefined) return before;
  const geometry = withLevels(backend.geometry, levels, layout.id);
  const codecs = tablesOf(geometry, layout, kernel.byteOrder, options);
  const names = codecs.map((_, at) => lowestName(geometry, at));
  const tree = { backend, geometry, codecs, names, addressWidth: longBitsOf(layout), smeMask };
  const ofBackend = made.get(backend) ?? new Map<string, Tree>();
  made.set(backend, ofBackend.size < MOST_TREES ? ofBackend.set(key, tree) : ofBackend);
  return tree;
}

/** Trees of a kernel are asked for again and again: for each process, and for each address. */
const made = new WeakMap<ArchBackend, Map<string, Tree>>();
const MOST_TREES = 64;

function withLevels(geometry: Geometry, levels: number | undefined, id: string): Geometry {
  const most = geometry.levels.length;
  if (levels === undefined) return geometry;
  if (!Number.isInteger(levels) || levels < 2 || levels > most) {
    throw new PtekitError("BAD_ARGUMENT", `${id}: the tables have 2 to ${most} levels, not ${levels}`);
  }
  const { rootIsTagged, ...rest } = geometry;
  const [top, ...below] = geometry.levels.slice(most - levels) as [Geometry["levels"][0]];
  // The root of an address space is its pgd, whichever level that is in a deeper one.
  return { ...rest, levels: [{ ...top, name: "pgd" }, ...below] };
}

/** Refuses a root that cannot be one. */
export function checkRoot({ backend, geometry }: Tree, root: bigint): void {
  const { id } = backend.layout;
  if (typeof root !== "bigint" || root < 0n) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${id}: a root is the physical address of a table, a bigint from 0 on`,
    );
  }
  if (root % BigInt(geometry.root.align) !== 0n) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${id}: a root is a multiple of ${geometry.root.align}, and ${hex(root, 64)} is not`,
    );
  }
}

/** Whether a read filled what it was given. */
export const wasRead = (outcome: boolean | string): boolean => outcome === true || outcome === "read";

/** Reads only where an address can be. */
export const reading =
  (read: ReadMemory): ReadMemory =>
  (address, into) =>
    address >= 0n && read(address, into);

/** The backend that reads the entries of a level, by its lowest name; null where none does. */
export function backendAt(backend: ArchBackend, name: LevelName): ArchBackend | null {
  if (name === "pte") return backend;
  return name === "pmd" || name === "pud" ? backend.at(name) : null;
}

/** The lowest name of a level: what its entries are called where they map a page, or hold a swap entry. */
export const lowestName = (geometry: Geometry, at: number): LevelName =>
  namesOf(geometry.levels, at).at(-1) as LevelName;

/** An address in a sentence. */
export const place = (address: bigint): string =>
  address < 0n ? `-0x${(-address).toString(16)}` : `0x${address.toString(16)}`;

/** ` (excluded)`, where a memory said why it could not be read. */
export const reasonOf = (outcome: boolean | string): string =>
  typeof outcome === "string" ? ` (${outcome})` : "";
