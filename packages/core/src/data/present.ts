import { requireBit, requirePresent } from "../util/require.ts";
import type { Begin } from "./backport.ts";
import type { Predicate, Term } from "./predicate.ts";

/**
 * What a bit of a *present* PTE is there for.
 *
 * - `pfn`: the page frame number (may be split into several rows)
 * - `uffdWp`, `softDirty`: the flags that user space can ask for
 * - `hardware`: bits that the MMU defines
 * - `software`: bits that hardware ignores and the kernel uses
 * - `free`: bits that hardware ignores and the kernel does not use
 */
export type PresentKind = "pfn" | "uffdWp" | "softDirty" | "hardware" | "software" | "free";

/** One row of a present PTE, both ends included. */
export interface PresentField {
  readonly kind: PresentKind;
  readonly high: number;
  readonly low: number;
  /** The bit of the PFN that sits at `low`. */
  readonly from: number;
  /** The kernel's or the manual's name: `_PAGE_NX`. */
  readonly name: string;
  /** Kconfig symbols and CPU features without which a software bit is free. */
  readonly when: readonly string[];
  /** Of a PFN row written for pages of 4K: what the bits are that larger pages leave below their PFN. */
  readonly below?: PresentField;
  /** The kernel's name of the same bit where it says PROT_NONE: `_PAGE_PROTNONE` is `_PAGE_GLOBAL`. */
  readonly protNone?: string;
}

function row(
  kind: PresentKind,
  high: number,
  low: number,
  name: string,
  more: Partial<PresentField> = {},
): PresentField {
  return { kind, high, low, name, from: 0, when: [], ...more };
}

/** The PFN in bits `high`:`low`; `from` is the bit of the PFN that sits at `low`. */
export const pfn = (high: number, low: number, from = 0): PresentField =>
  row("pfn", high, low, "pfn", { from });

/**
 * The PFN in bits `high`:`low` of a kernel with 4K pages; with larger ones it begins higher up, and `below` says what the
 * bits under it are.
 */
export const pfnAbove = (
  high: number,
  low: number,
  below: PresentField = mmu(low, low, "reserved"),
): PresentField => row("pfn", high, low, "pfn", { below });

/** A bit (or bits) of the MMU, by the kernel's name. */
export const mmu = (high: number, low: number, name: string, ...when: string[]): PresentField =>
  row("hardware", high, low, name, { when });

/** A bit that has another name in an entry under PROT_NONE, where it makes the entry present. */
export const sharedWithProtNone = (shared: PresentField, protNone: string): PresentField => ({
  ...shared,
  protNone,
});

/** A bit that hardware ignores and the kernel uses. */
export const software = (bit: number, name: string, ...when: string[]): PresentField =>
  row("software", bit, bit, name, { when });

/** A run of bits that hardware ignores and the kernel uses. */
export const softwareBits = (high: number, low: number, name: string): PresentField =>
  row("software", high, low, name);

/** pte_uffd_wp() of a present PTE. */
export const presentUffdWp = (bit: number, name: string, ...when: string[]): PresentField =>
  row("uffdWp", bit, bit, name, { when });

/** pte_soft_dirty() of a present PTE. */
export const presentSoftDirty = (bit: number, name: string, ...when: string[]): PresentField =>
  row("softDirty", bit, bit, name, { when });

/** Bits that hardware ignores and the kernel does not use. */
export const free = (high: number, low: number, name = ""): PresentField => row("free", high, low, name);

/**
 * What a page of user space may be used for.
 *
 * - `read`: it is clean, and mapped for reading alone
 * - `write`: it is dirty, and mapped for writing
 * - `protected`: the same after pte_wrprotect()
 * - `clean`: it is clean, and mapped for writing: a shared page that was read
 * - `none`, `noneRead`: the page of `write` and that of `read` under PROT_NONE
 */
export type PageAccess = "read" | "write" | "protected" | "clean" | "none" | "noneRead";

/** Every way in which a user page can be mapped. */
export const PAGE_ACCESSES: readonly PageAccess[] = Object.freeze([
  "read",
  "write",
  "protected",
  "clean",
  "none",
  "noneRead",
] as const);

/** All bits but the PFN, soft-dirty and uffd-wp of the PTE of a young user page. */
export interface UserPage extends Readonly<Record<Exclude<PageAccess, "clean">, bigint>> {
  /** Absent where it is not described. */
  readonly clean?: bigint;
  /** The bits that differ where the entry maps a huge page one level up; absent where that is not described. */
  readonly huge?: bigint;
  readonly citation: string;
}

/**
 * What the kernel's functions read in a present PTE: each is true where one of its terms holds.
 */
export interface PresentReads {
  /** pte_write() */
  readonly write: readonly Term[];
  /** pte_dirty() */
  readonly dirty: readonly Term[];
  /** pte_young() */
  readonly young: readonly Term[];
  /** pte_special(); absent where the architecture has none, and the kernel answers false. */
  readonly special?: readonly Term[];
  /** What tells a user's page under PROT_NONE: pte_protnone(), or what PAGE_NONE alone has; absent where nothing tells it. */
  readonly protNone?: readonly Term[];
}

/** What pte_modify() does to a bit outside the new protection: _PAGE_CHG_MASK, or the mask of what it replaces. The PFN stays. */
export type PteModify = { readonly keeps: bigint } | { readonly drops: bigint };

/** Bits that a flag might have, and on which condition. They are no free ones. */
export interface MaybeFree {
  readonly high: number;
  readonly low: number;
  /** `reserved in TLBELO, which tlbex.S does not mask` */
  readonly condition: string;
  /** Kconfig symbols and CPU features (all of them) on which the remark is due. */
  readonly when?: readonly string[];
}

/** How present PTEs look from one release on. Selected as a `Layout` is, by itself. */
export interface PresentLayout extends Begin {
  readonly since: string;
  readonly backportName?: string;
  readonly when?: readonly string[];
  readonly fields: readonly PresentField[];
  readonly reads: PresentReads;
  readonly modify: PteModify;
  readonly maybe?: readonly MaybeFree[];
  /** Present PTEs whose PFN is stored as its bitwise NOT (x86 under PROT_NONE). */
  readonly invertedWhere?: Predicate;
  /** The bit that says that the lowest set bit of the PFN is a page size, no address (riscv's Svnapot). */
  readonly napot?: number;
  /** BITS_PER_LONG, above which pte_pfn() cuts; filled in when a layout is selected. Default: all of the PFN. */
  readonly longBits?: number;
  /** What PAGE_NONE is where pte_present() denies it: such a page is taken for a swap entry. */
  readonly protNoneNotPresent?: string;
  /** How the kernel maps a page of user space, as on the machines of the live files. */
  readonly user?: UserPage;
  readonly uncertain?: string;
  /** Anything a reader of the flags should know. */
  readonly note?: string;
  readonly citation: string;
}

/** Whether pte_modify() keeps a bit of a present PTE. */
export const isKept = (present: PresentLayout, bit: number): boolean => {
  requirePresent(present);
  requireBit(bit);
  const { modify, fields } = present;
  const pfn = fields.some((row) => row.kind === "pfn" && bit <= row.high && bit >= row.low);
  const mask = 1n << BigInt(bit);
  return pfn || ("keeps" in modify ? (modify.keeps & mask) !== 0n : (modify.drops & mask) === 0n);
};

/** The PFN rows of a kernel with pages of 2^pageShift bytes. */
export const pfnRows = (row: PresentField, pageShift: number): PresentField[] => {
  const { below, ...alone } = row;
  const low = row.low + Math.max(0, pageShift - 12);
  if (below === undefined) return [row];
  return low === row.low
    ? [alone]
    : [
        { ...alone, low },
        { ...below, high: low - 1, low: row.low },
      ];
};
