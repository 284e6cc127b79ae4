import { deepFreeze } from "@ptekit/core";
/** Where the proposal of 2021 and what was merged do not do the same, and why. */
export interface Difference {
  readonly reason: string;
  readonly citation: string;
}

export type DifferenceName =
  | "no room"
  | "anonymous memory"
  | "older kernels"
  | "no bit"
  | "soft-dirty"
  | "pagemap"
  | "zap flag";

const ZAP = `[PATCH v4 10/26] "shmem/userfaultfd: Persist uffd-wp bit across zapping for file-backed", 14 Jul 2021`;
const SPECIAL = `[PATCH v3 04/27] "mm/userfaultfd: Introduce special pte for unmapped file-backed mem", 27 May 2021`;
const IDEA = `[PATCH v5 05/26] "mm/swap: Introduce the idea of special swap ptes", 15 Jul 2021`;
const PAGEMAP = `[PATCH v5 24/26] "mm/pagemap: Recognize uffd-wp bit for shmem/hugetlbfs", 15 Jul 2021`;

export const DIFFERENCES: Readonly<Record<DifferenceName, Difference>> = deepFreeze({
  "no room": {
    reason: "one bit makes one special PTE, uffd-wp; poison and guard need a marker",
    citation: SPECIAL,
  },
  "anonymous memory": {
    reason:
      "the special PTE by bit was for memory of files alone: pte_swp_mkuffd_wp_special() warns on an anonymous VMA, so UFFD_FEATURE_WP_UNPOPULATED (6.4) has no carrier",
    citation: SPECIAL,
  },
  "older kernels": {
    reason: "the marker type came with 5.19; a uffd-wp bit in the swap PTE is older",
    citation: "See SWP_PTE_MARKER in include/linux/swap.h (as of Linux v6.1)",
  },
  "no bit": {
    reason:
      "without a uffd-wp bit in the swap PTE nothing can be armed; v3 fell back to __pte(0), which made pte_same() take every empty PTE for special, v4 to a helper that returns false",
    citation: SPECIAL,
  },
  "soft-dirty": {
    reason:
      "a marker is a swap entry, so mremap() sets its soft-dirty bit; pte_has_swap_entry() is false for the special PTE by bit, which stays as it is",
    citation: IDEA,
  },
  pagemap: {
    reason:
      "pagemap reports a marker as swapped, with its type and offset; pte_to_swp_entry() is illegal on the special PTE by bit, which shows its uffd-wp bit alone",
    citation: PAGEMAP,
  },
  "zap flag": {
    reason:
      "ZAP_FLAG_DROP_FILE_UFFD_WP drops uffd-wp of files and nothing else, ZAP_FLAG_DROP_MARKER every marker; without poison and guard nobody can tell",
    citation: ZAP,
  },
});
