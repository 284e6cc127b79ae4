import { deepFreeze } from "@ptekit/core";
import { atLeastRelease } from "./kernel.ts";
import type { Life } from "./life.ts";
import { decodedOf, isHuge, isPrivate, stateOf } from "./life.ts";

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
    if (isHuge(life)) return { ...nothing, present: true, uffdWp, frame: decoded.pfn ?? 0n };
    return { ...nothing, present: true, softDirty, uffdWp, frame: decoded.pfn ?? 0n };
  }
  if (state === "special" && life.design.by !== "swap-type") return { ...nothing, uffdWp: true };
  // pagemap_hugetlb_range() looks at the bit, and at nothing else that is not present.
  if (isHuge(life)) return { ...nothing, uffdWp: uffdWp || state === "special" };
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

/** What PAGEMAP_SCAN may say of a page, and the bit that says it. */
export type ScanCategory =
  | "PAGE_IS_WPALLOWED"
  | "PAGE_IS_WRITTEN"
  | "PAGE_IS_FILE"
  | "PAGE_IS_PRESENT"
  | "PAGE_IS_SWAPPED"
  | "PAGE_IS_PFNZERO"
  | "PAGE_IS_HUGE"
  | "PAGE_IS_SOFT_DIRTY"
  | "PAGE_IS_GUARD"
  | "PAGE_IS_ACCESSED";

/** The bit of each category, as in include/uapi/linux/fs.h. */
export const SCAN_CATEGORIES: Readonly<Record<ScanCategory, number>> = deepFreeze({
  PAGE_IS_WPALLOWED: 1,
  PAGE_IS_WRITTEN: 2,
  PAGE_IS_FILE: 4,
  PAGE_IS_PRESENT: 8,
  PAGE_IS_SWAPPED: 0x10,
  PAGE_IS_PFNZERO: 0x20,
  PAGE_IS_HUGE: 0x40,
  PAGE_IS_SOFT_DIRTY: 0x80,
  PAGE_IS_GUARD: 0x100,
  PAGE_IS_ACCESSED: 0x200,
});

/**
 * What PAGEMAP_SCAN (6.7) says of the page when it is asked for every category, in the order of their bits.
 *
 * See pagemap_page_category(), pagemap_hugetlb_category() and pagemap_scan_test_walk() in fs/proc/task_mmu.c (as of
 * Linux v7.3). Before 7.3 a page that is in no VMA registered for write-protection is PAGE_IS_WRITTEN too. An empty PTE is
 * told as one whose page table is there; where it is not, neither PAGE_IS_HUGE nor that is said.
 */
export function scanOf(life: Life): ScanCategory[] {
  const { backend, vma, wp, rwp, newMapping, features, page, file } = life;
  const since = (release: string): boolean => atLeastRelease(backend, release);
  const state = stateOf(life);
  const { kind, softDirty = false, uffdWp = false } = decodedOf(life);
  const huge = isHuge(life);
  const none = state === "none";
  const present = kind === "present";
  const marked = uffdWp || state === "special";
  const asks = since("7.3") ? wp : true;
  const said: Readonly<Record<ScanCategory, boolean>> = {
    // wp-async includes wp-unpopulated: userfaultfd_wp_use_markers() holds.
    PAGE_IS_WPALLOWED: wp && features.includes("wp-async"),
    PAGE_IS_WRITTEN: none ? !huge && asks : !marked && asks,
    PAGE_IS_FILE:
      (page === "file" && (present || (!huge && kind === "migration"))) ||
      (kind === "hwpoison" && !huge && (isPrivate(life) ? file === "failed" : vma !== "anonymous")),
    PAGE_IS_PRESENT: present,
    PAGE_IS_SWAPPED: !present && !none,
    PAGE_IS_PFNZERO: present && page === "zero",
    PAGE_IS_HUGE: huge || (life.huge && present),
    PAGE_IS_SOFT_DIRTY: softDirty || newMapping,
    PAGE_IS_GUARD: state === "guard" && since("6.15"),
    PAGE_IS_ACCESSED: rwp && !marked && !none,
  };
  return (Object.keys(SCAN_CATEGORIES) as ScanCategory[]).filter((category) => said[category]);
}
