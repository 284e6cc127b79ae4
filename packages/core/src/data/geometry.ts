import { PtekitError } from "../errors.ts";
import { requireGeometry, requireList, requireNumbers } from "../util/require.ts";
import { onesMask } from "./bits.ts";
import type { Predicate } from "./predicate.ts";

/** The levels of a page table, by the kernel's names, from the root down. */
export type LevelName = "pgd" | "p4d" | "pud" | "pmd" | "pte";

/** Every level, from the root down. */
export const LEVEL_NAMES: readonly LevelName[] = Object.freeze(["pgd", "p4d", "pud", "pmd", "pte"] as const);

/** Bits `high`:`low` of an entry are the bits of an address from `to` on. */
export interface AddressField {
  readonly high: number;
  readonly low: number;
  /** The bit of the address that sits at `low`. */
  readonly to: number;
}

/** Bits of an entry that are bits of an address, in place, or from bit `to` of the address on. */
export const bits = (high: number, low: number, to: number = low): AddressField => ({ high, low, to });

/** What the entries of an upper level say: of what a predicate tests, the first that holds in the order given here. */
export interface UpperEntry {
  /** Width of an entry in memory. */
  readonly bytes: 4 | 8;
  /** `pmd_none()`: nothing is below. */
  readonly none: Predicate;
  /** It leads to a table of the next level. */
  readonly table: Predicate;
  /** `pmd_leaf()`: it maps a page of its own; absent where it cannot. What is left is an entry that is not present, or bad. */
  readonly leaf?: Predicate;
  /** Where the table below is. */
  readonly address: readonly AddressField[];
  /** Added to that address, to come to the table that Linux reads. Default: 0. */
  readonly plus?: bigint;
  /** Where a page of its own is, as far as the page is aligned. Default: as `address`. */
  readonly page?: readonly AddressField[];
  /** The kernel's virtual address stands there: what to take from it for a physical one, where the machine's memory begins at 0. */
  readonly linear?: bigint;
}

/** One level of tables. */
export interface Level {
  /** The kernel's name for it; of several that are folded into one, the highest. */
  readonly name: LevelName;
  /** The lowest bit of an address that chooses the entry: the entry spans 2^`shift` bytes. */
  readonly shift: number;
  /** How many bits of an address choose the entry: a table has 2^`indexBits` entries. */
  readonly indexBits: number;
  /** What its entries say; absent at the last level, whose entries are PTEs. */
  readonly entry?: UpperEntry;
  /** Entries of the table have this in the bits `mask`, empty ones too: by it the kernel knows which level a root is of. */
  readonly tag?: { readonly mask: bigint; readonly value: bigint };
  /** Further bits of an address above the others' that choose the entry (ia64's regions). */
  readonly region?: { readonly shift: number; readonly bits: number };
}

/**
 * The levels of a tree without gaps, from the root down: how many bits of an address each takes, the PTEs' last, and what
 * an upper entry says, which may depend on the lowest name of its level.
 */
export function levels(
  pageShift: number,
  indexBits: readonly number[],
  entry: UpperEntry | ((lowest: LevelName) => UpperEntry),
): readonly Level[] {
  requireNumbers(indexBits, "the index bits of the levels");
  const names: readonly LevelName[] = [
    "pgd",
    ...LEVEL_NAMES.slice(LEVEL_NAMES.length + 1 - indexBits.length),
  ];
  return names.map((name, i) => {
    const shift = indexBits.slice(i + 1).reduce((sum, bits) => sum + bits, pageShift);
    const own = indexBits[i] as number;
    if (i === names.length - 1) return { name, shift, indexBits: own };
    const lowest = LEVEL_NAMES[LEVEL_NAMES.indexOf(names[i + 1] as LevelName) - 1] as LevelName;
    return { name, shift, indexBits: own, entry: typeof entry === "function" ? entry(lowest) : entry };
  });
}

/** The table that an address space begins with. */
export interface Root {
  /** What its physical address is a multiple of. */
  readonly align: number;
  /** How many entries, from the first on, are user space's. Default: all of them. */
  readonly userEntries?: number;
  /** Where the kernel's image is mapped, by pages of a PMD: every root leads to that table. */
  readonly kernelImage?: bigint;
  /** The register that holds it, by the name that QEMU's gdb stub has, and the bits of it that are the address. */
  readonly register?: { readonly name: string; readonly address: readonly AddressField[] };
  /** A second copy: its address is the root's with these bits the other way round, and who has it. */
  readonly copy?: { readonly flip: bigint; readonly what: string };
}

/** How an address leads to its entry, from one release on. The first row that fits decides. */
export interface Geometry {
  readonly since: string;
  /** Kconfig symbols and CPU features that must all hold. */
  readonly when?: readonly string[];
  /** From the root down; the last one is of PTEs. A level that is folded is not there. */
  readonly levels: readonly Level[];
  readonly root: Root;
  /** Set where the levels of a root are told by its entries' tag: it may be of any level but the last. */
  readonly rootIsTagged?: true;
  /** Set where the bits above those that the tables translate repeat the highest of these. */
  readonly signExtended?: true;
  /** The upper bits of the addresses that the kernel's half has. Default: all ones. */
  readonly kernelBase?: bigint;
  /** Highest bits of a user's address that hardware ignores. Default: 0. */
  readonly tagBits?: number;
  /** Each PTE stands a second time in memory, so many bytes above, and what for. */
  readonly pteCopy?: { readonly plus: number; readonly what: string };
  /** How it is known; absent where a running kernel's tables were walked by it. */
  readonly uncertain?: string;
  readonly citation: string;
}

/** The geometry that a target selects. */
export interface SettledGeometry extends Geometry {
  /** Each default that chose it, in a sentence. */
  readonly assumed: readonly string[];
}

/** Why nothing but the headers speaks for a geometry. */
export const READ_FROM_HEADERS = "read from headers: no running kernel's tables were walked by it";

/** What a level is called where levels are folded into it: every name from its own down to the next level's. */
export function namesOf(levels: readonly Level[], at: number): readonly LevelName[] {
  requireList(levels, "levels");
  const level = levels[at];
  if (level === undefined)
    throw new PtekitError("BAD_ARGUMENT", `there is no level ${String(at)} among ${levels.length}`);
  const from = LEVEL_NAMES.indexOf(level.name);
  const below = levels[at + 1];
  return LEVEL_NAMES.slice(from, below ? LEVEL_NAMES.indexOf(below.name) : LEVEL_NAMES.length);
}

/** How many bits of an address the levels translate, regions not counted. */
export function addressBitsOf(levels: readonly Level[]): number {
  requireList(levels, "levels");
  const [top] = levels;
  if (top === undefined) return 0;
  return top.shift + top.indexBits;
}

/** The physical address of a root, out of the register that holds it; null where no register does. */
export function rootInRegister(geometry: Geometry, value: bigint): bigint | null {
  requireGeometry(geometry);
  const { root } = geometry;
  return root.register === undefined ? null : gather(root.register.address, value);
}

/** The bits of an address that stand in a word. */
export const gather = (fields: readonly AddressField[], word: bigint): bigint =>
  fields.reduce(
    (address, { high, low, to }) =>
      address | (((word >> BigInt(low)) & onesMask(high - low + 1)) << BigInt(to)),
    0n,
  );
