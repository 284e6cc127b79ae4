import { ANY, become, NOT_PRESENT, see, stay, type Transition } from "../transition.ts";

const install = see("madvise_guard_install()", "mm/madvise.c", "7.2");
const remove = see("guard_remove_pte_entry()", "mm/madvise.c", "7.2");
const valid = see("is_valid_guard_vma()", "mm/madvise.c", "7.2");
const files = "that files take guards came between v6.12 and v7.2, in v6.15 from memory";
const fatal = "every access now gets SIGSEGV";

const scan = see("make_uffd_wp_pte()", "fs/proc/task_mmu.c");
const category = see("pagemap_page_category()", "fs/proc/task_mmu.c");

/** MADV_GUARD_INSTALL and MADV_GUARD_REMOVE. */
export const guard: readonly Transition[] = [
  ...(["guard-install", "guard-remove"] as const).map(
    (event): Transition => ({
      rule: 16,
      event,
      moves: stay(...ANY),
      vma: ["hugetlb"],
      does: "keep",
      sees: "EINVAL",
      citation: valid,
    }),
  ),
  {
    rule: 16,
    event: "guard-install",
    moves: become("guard", ...ANY),
    vma: ["anonymous"],
    does: "guard",
    drops: fatal,
    citation: install,
  },
  {
    rule: 16,
    event: "guard-install",
    moves: become("special", "special", "present-wp", "migration-wp"),
    vma: ["shmem", "file"],
    when: ["guard-files", "wp"],
    design: "swap-type",
    does: "special",
    sees: "ERESTARTNOINTR, again and again",
    citation: install,
    uncertain:
      "read from the source, not tried: the zap keeps the special PTE, so that no attempt finds the PTE empty",
  },
  {
    rule: 16,
    event: "guard-install",
    moves: become("guard", ...ANY),
    vma: ["shmem", "file"],
    when: ["guard-files"],
    does: "guard",
    drops: fatal,
    citation: install,
    uncertain: files,
  },
  {
    rule: 16,
    event: "guard-remove",
    moves: become("none", "guard"),
    vma: ["anonymous"],
    does: "clear",
    citation: remove,
  },
  {
    rule: 16,
    event: "guard-remove",
    moves: become("none", "guard"),
    vma: ["shmem", "file"],
    when: ["guard-files"],
    does: "clear",
    citation: remove,
    uncertain: files,
  },
  {
    rule: 16,
    event: "guard-remove",
    moves: stay("present", "present-wp", "none", ...NOT_PRESENT),
    vma: ["anonymous"],
    does: "keep",
    citation: remove,
  },
  {
    rule: 16,
    event: "guard-remove",
    moves: stay("present", "present-wp", "none", ...NOT_PRESENT),
    vma: ["shmem", "file"],
    when: ["guard-files"],
    does: "keep",
    citation: remove,
  },
];

/** PAGEMAP_SCAN with PM_SCAN_WP_MATCHING: what is not write-protected yet was written, and is protected now. */
export const scanning: readonly Transition[] = [
  {
    rule: 30,
    event: "scan",
    moves: stay("present-wp", "swap-wp", "migration-wp", "device-wp", "special"),
    when: ["wp", "wp-async"],
    does: "keep",
    sees: "page not written",
    citation: category,
  },
  {
    rule: 30,
    event: "scan",
    moves: stay("poisoned", "guard", "hwpoison", "empty"),
    when: ["wp", "wp-async", "swp-bit"],
    does: "keep",
    sees: "page not written",
    citation: category,
  },
  {
    rule: 30,
    event: "scan",
    moves: become("special", "none"),
    vma: ["shmem", "file", "hugetlb"],
    when: ["wp", "wp-async"],
    does: "special",
    sees: "PAGE_IS_WRITTEN",
    citation: scan,
  },
  {
    rule: 30,
    event: "scan",
    moves: become("special", "none"),
    when: ["wp", "wp-async"],
    design: "swap-type",
    does: "special",
    sees: "PAGE_IS_WRITTEN",
    citation: scan,
  },
  {
    rule: 30,
    event: "scan",
    moves: stay("none"),
    when: ["wp", "wp-async"],
    does: "keep",
    sees: "PAGE_IS_WRITTEN",
    citation: scan,
  },
  {
    rule: 30,
    event: "scan",
    moves: become("present-wp", "present"),
    when: ["wp", "wp-async"],
    does: "protect-page",
    sees: "PAGE_IS_WRITTEN",
    citation: scan,
  },
  {
    rule: 32,
    event: "scan",
    moves: stay("poisoned", "guard", "hwpoison", "empty"),
    vma: ["hugetlb"],
    when: ["wp", "wp-async"],
    does: "keep",
    sees: "PAGE_IS_WRITTEN",
    citation: see("make_uffd_wp_huge_pte()", "fs/proc/task_mmu.c"),
  },
  {
    rule: 30,
    event: "scan",
    moves: {
      swap: "swap-wp",
      migration: "migration-wp",
      device: "device-wp",
      ...stay("poisoned", "guard", "hwpoison", "empty"),
    },
    when: ["wp", "wp-async"],
    does: "mark-entry",
    sees: "PAGE_IS_WRITTEN",
    citation: scan,
  },
];
