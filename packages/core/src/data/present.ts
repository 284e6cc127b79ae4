import type { Begin } from "./backport.ts";
import type { Predicate } from "./predicate.ts";

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

/** A bit (or bits) of the MMU, by the kernel's name. */
export const mmu = (high: number, low: number, name: string): PresentField =>
  row("hardware", high, low, name);

/** A bit that hardware ignores and the kernel uses. */
export const software = (bit: number, name: string, ...when: string[]): PresentField =>
  row("software", bit, bit, name, { when });

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
 * - `none`, `noneRead`: the page of `write` and that of `read` under PROT_NONE
 */
export type PageAccess = "read" | "write" | "protected" | "none" | "noneRead";

/** Every way in which a user page can be mapped. */
export const PAGE_ACCESSES: readonly PageAccess[] = Object.freeze([
  "read",
  "write",
  "protected",
  "none",
  "noneRead",
] as const);

/** All bits but the PFN, soft-dirty and uffd-wp of the PTE of a young user page. */
export interface UserPage extends Readonly<Record<PageAccess, bigint>> {
  /** The bits that differ where the entry maps a huge page one level up; absent where that is not described. */
  readonly huge?: bigint;
  readonly citation: string;
}

/** How present PTEs look from one release on. Selected as a `Layout` is, by itself. */
export interface PresentLayout extends Begin {
  readonly since: string;
  readonly backportName?: string;
  readonly when?: readonly string[];
  readonly fields: readonly PresentField[];
  /** Present PTEs whose PFN is stored as its bitwise NOT (x86 under PROT_NONE). */
  readonly invertedWhere?: Predicate;
  /** How the kernel maps a page of user space, as on the machines of the live files. */
  readonly user?: UserPage;
  readonly uncertain?: string;
  readonly citation: string;
}
