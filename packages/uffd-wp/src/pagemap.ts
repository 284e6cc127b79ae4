import type { Life } from "./life.ts";
import { decodedOf, stateOf } from "./life.ts";

/** A word of /proc/PID/pagemap, as far as the PTE decides it; bits 56 and 61 come from the page. */
export interface PagemapWord {
  readonly present: boolean;
  /** PM_SWAP: set for markers too. */
  readonly swapped: boolean;
  readonly softDirty: boolean;
  readonly uffdWp: boolean;
  /** PM_GUARD_REGION (6.15 and later). */
  readonly guard: boolean;
  /** The page frame, or swap type and offset: `type | offset << 5`. */
  readonly frame: bigint;
}

/**
 * What /proc/PID/pagemap says of the PTE, to a reader with CAP_SYS_ADMIN.
 *
 * See pte_to_pagemap_entry() in fs/proc/task_mmu.c (as of Linux v7.2). A special PTE by bit holds no swap entry:
 * `[PATCH v5 24/26] "mm/pagemap: Recognize uffd-wp bit for shmem/hugetlbfs"` reports its uffd-wp bit alone.
 */
export function pagemapOf(life: Life): PagemapWord {
  const state = stateOf(life);
  const decoded = decodedOf(life);
  const { softDirty = false, uffdWp = false } = decoded;
  const nothing = {
    present: false,
    swapped: false,
    softDirty: false,
    uffdWp: false,
    guard: false,
    frame: 0n,
  };
  if (state === "none") return nothing;
  if (decoded.kind === "present") {
    // pagemap_hugetlb_range() does not look at the soft-dirty bit.
    if (life.vma === "hugetlb") return { ...nothing, present: true, uffdWp, frame: decoded.pfn ?? 0n };
    return { ...nothing, present: true, softDirty, uffdWp, frame: decoded.pfn ?? 0n };
  }
  if (state === "special" && life.design.by !== "swap-type") return { ...nothing, uffdWp: true };
  // pagemap_hugetlb_range() looks at the bit, and at nothing else that is not present.
  if (life.vma === "hugetlb") return { ...nothing, uffdWp: uffdWp || state === "special" };
  const { type = 0, offset = 0n, pfn } = decoded;
  return {
    ...nothing,
    swapped: true,
    softDirty,
    uffdWp: uffdWp || state === "special",
    guard: state === "guard",
    frame: BigInt(type) | ((pfn ?? offset) << 5n),
  };
}
