import { ANY, become, see, stay, type Transition } from "../transition.ts";

const zap = see("zap_pte_range()", "mm/memory.c");
const zapNonPresent = see("zap_nonpresent_ptes()", "mm/memory.c", "7.2");
const zapInstall = see("zap_install_uffd_wp_if_needed()", "mm/memory.c");
const shouldZap = see("should_zap_cows()", "mm/memory.c");
const unmapHuge = see("__unmap_hugepage_range()", "mm/hugetlb.c");
const hole = see("hugetlbfs_punch_hole()", "fs/hugetlbfs/inode.c");
const zapped = "the memory is gone, and zapping anonymous memory drops everything";
const punched = "the page is gone from the file";

/** Zapping memory of a file without ZAP_FLAG_DROP_MARKER: what was write-protected becomes, or stays, the special PTE. */
const keepingMarkers = (event: "dontneed" | "punch-hole" | "truncate"): Transition[] => [
  {
    rule: 11,
    event,
    moves: become("special", "present-wp", "migration-wp"),
    when: ["wp"],
    does: "special",
    citation: zapInstall,
  },
  {
    rule: 11,
    event,
    moves: become("none", "none", "present", "present-wp", "migration", "migration-wp"),
    does: "clear",
    citation: zap,
  },
  { rule: 11, event, moves: stay("special"), does: "keep", citation: zap },
  { rule: 16, event, moves: stay("guard"), does: "keep", citation: zapNonPresent },
];

/** Poison goes where private copies go as well: not with a hole in the file. */
const poisonToo = (event: "dontneed" | "truncate"): Transition[] => [
  {
    rule: 17,
    event,
    moves: become("special", "poisoned", "hwpoison"),
    when: ["swp-bit", "wp"],
    does: "special",
    citation: zapInstall,
  },
  {
    rule: 17,
    event,
    moves: become("none", "poisoned", "hwpoison", "empty"),
    does: "clear",
    citation: shouldZap,
  },
];

const ofFiles = (rows: readonly Transition[]): Transition[] =>
  rows.map((row) => ({ ...row, vma: ["shmem", "file"] }));

/** MADV_DONTNEED, holes, truncation, munmap. */
export const zapping: readonly Transition[] = [
  {
    rule: 16,
    event: "dontneed",
    moves: stay("guard"),
    vma: ["anonymous"],
    does: "keep",
    citation: zapNonPresent,
  },
  {
    rule: 12,
    event: "dontneed",
    moves: become("none", ...ANY),
    vma: ["anonymous"],
    does: "clear",
    drops: zapped,
    citation: zapInstall,
  },
  ...ofFiles([...keepingMarkers("dontneed"), ...poisonToo("dontneed")]),
  ...[...keepingMarkers("dontneed"), ...poisonToo("dontneed")]
    .filter(({ moves, when }) => moves.guard === undefined && when?.includes("swp-bit") !== true)
    .map((row): Transition => ({ ...row, rule: 32, vma: ["hugetlb"], since: "5.18", citation: unmapHuge })),
  ...ofFiles([
    ...keepingMarkers("punch-hole"),
    {
      rule: 17,
      event: "punch-hole",
      moves: become("none", "poisoned", "hwpoison"),
      until: "5.18",
      does: "clear",
      citation: see("zap_pte_range()", "mm/memory.c", "5.10"),
      uncertain: "that poison stays came between v5.10 and v6.1, in v5.18 from memory",
    },
    {
      rule: 17,
      event: "punch-hole",
      moves: stay("poisoned", "hwpoison"),
      does: "keep",
      citation: shouldZap,
    },
    { rule: 17, event: "punch-hole", moves: become("none", "empty"), does: "clear", citation: zapNonPresent },
    ...keepingMarkers("truncate"),
    ...poisonToo("truncate"),
  ]),
  {
    rule: 15,
    event: "punch-hole",
    moves: become("special", "present-wp", "migration-wp", "special"),
    vma: ["hugetlb"],
    when: ["wp"],
    does: "special",
    citation: hole,
  },
  {
    rule: 15,
    event: "punch-hole",
    moves: become("special", "present-wp", "migration-wp", "special"),
    vma: ["hugetlb"],
    until: "7.3.4",
    does: "special",
    citation: hole,
  },
  {
    rule: 15,
    event: "punch-hole",
    moves: become("none", ...ANY),
    vma: ["hugetlb"],
    does: "clear",
    drops: punched,
    citation: hole,
  },
  {
    rule: 15,
    event: "truncate",
    moves: become("none", ...ANY),
    vma: ["hugetlb"],
    does: "clear",
    drops: punched,
    citation: see("hugetlb_vmtruncate()", "fs/hugetlbfs/inode.c"),
  },
  {
    rule: 13,
    event: "zap-locked",
    moves: become("none", "none", "present", "present-wp", "migration", "migration-wp", "special", "guard"),
    vma: ["shmem", "file"],
    when: ["!hole", "!beyond"],
    does: "clear",
    drops: punched,
    citation: see("unmap_mapping_folio()", "mm/memory.c"),
  },
  {
    rule: 17,
    event: "zap-locked",
    moves: become("none", "empty"),
    vma: ["shmem", "file"],
    when: ["!hole", "!beyond"],
    does: "clear",
    citation: zapNonPresent,
  },
  {
    rule: 17,
    event: "zap-locked",
    moves: stay("poisoned", "hwpoison"),
    vma: ["shmem", "file"],
    when: ["!hole", "!beyond"],
    does: "keep",
    citation: shouldZap,
  },
  {
    rule: 14,
    event: "munmap",
    moves: become("none", ...ANY),
    does: "clear",
    drops: "the VMA is gone",
    citation: see("unmap_vmas()", "mm/memory.c"),
  },
];
