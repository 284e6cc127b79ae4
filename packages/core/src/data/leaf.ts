import type { PresentField, PresentReads } from "./present.ts";

/** The level of an entry that can map a huge page. */
export type LeafLevel = "pmd" | "pud";

/** How the entry of a huge page differs from a present PTE: pmd_leaf(), pud_leaf(). What is not named is the same. */
export interface LeafLayout {
  readonly levels: readonly LeafLevel[];
  readonly since?: string;
  /** Kconfig symbols and CPU features that must all hold. */
  readonly when?: readonly string[];
  /** Rows in the place of what a PTE has in these bits, highest first. */
  readonly fields: readonly PresentField[];
  /** What pmd_write() and its like read where it is not what pte_write() does. */
  readonly reads?: Partial<PresentReads>;
  readonly note?: string;
  readonly citation: string;
}
