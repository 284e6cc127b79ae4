import { become, OF_FILES, see, stay, type Transition } from "../transition.ts";

const change = see("change_pte_range()", "mm/mprotect.c");
const softleaf = see("change_softleaf_pte()", "mm/mprotect.c", "7.2");
const hugetlb = see("hugetlb_change_protection()", "mm/hugetlb.c");
const resolves = "user space asked for it";

/** UFFDIO_WRITEPROTECT, on and off. */
export const protect: readonly Transition[] = [
  {
    rule: 1,
    event: "write-protect",
    moves: become("present-wp", "present", "present-wp"),
    when: ["wp"],
    does: "protect-page",
    citation: change,
  },
  {
    rule: 2,
    event: "write-protect",
    moves: become("special", "none"),
    vma: OF_FILES,
    when: ["wp"],
    does: "special",
    citation: see("userfaultfd_wp_use_markers()", "include/linux/userfaultfd_k.h"),
  },
  {
    rule: 2,
    event: "write-protect",
    moves: become("special", "none"),
    vma: ["anonymous"],
    when: ["wp", "markers"],
    design: "swap-type",
    does: "special",
    citation: see("userfaultfd_wp_use_markers()", "include/linux/userfaultfd_k.h"),
  },
  { rule: 2, event: "write-protect", moves: stay("none"), when: ["wp"], does: "keep", citation: change },
  {
    rule: 3,
    event: "write-protect",
    moves: {
      ...become("swap-wp", "swap", "swap-wp"),
      ...become("migration-wp", "migration", "migration-wp"),
      ...become("device-wp", "device", "device-wp"),
    },
    when: ["wp"],
    does: "protect-entry",
    citation: change,
  },
  {
    rule: 3,
    event: "write-protect",
    moves: stay("hwpoison"),
    vma: ["hugetlb"],
    when: ["wp"],
    does: "keep",
    citation: hugetlb,
  },
  {
    rule: 3,
    event: "write-protect",
    moves: stay("hwpoison"),
    when: ["wp"],
    does: "mark-entry",
    citation: change,
  },
  {
    rule: 4,
    event: "write-protect",
    moves: stay("special", "poisoned", "guard", "empty"),
    when: ["wp"],
    does: "keep",
    citation: softleaf,
  },
  ...(["un-protect", "unregister"] as const).flatMap((event): Transition[] => {
    const rule = event === "un-protect" ? 6 : 29;
    const when = event === "un-protect" ? (["wp"] as const) : (["uffd"] as const);
    const citation = event === "un-protect" ? change : see("userfaultfd_unregister()", "fs/userfaultfd.c");
    return [
      {
        rule,
        event,
        moves: become("none", "special"),
        when,
        does: "clear",
        drops: resolves,
        citation,
      },
      {
        rule: rule === 6 ? 7 : 29,
        event,
        moves: become("present", "present", "present-wp"),
        when,
        does: "unprotect-page",
        drops: resolves,
        citation,
      },
      {
        rule: rule === 6 ? 7 : 29,
        event,
        moves: {
          ...become("swap", "swap", "swap-wp"),
          ...become("migration", "migration", "migration-wp"),
          ...become("device", "device", "device-wp"),
        },
        when,
        does: "unprotect-entry",
        drops: resolves,
        citation,
      },
      {
        rule,
        event,
        moves: stay("hwpoison"),
        vma: ["hugetlb"],
        when,
        does: "keep",
        citation: hugetlb,
      },
      { rule, event, moves: stay("hwpoison"), when, does: "unprotect-entry", citation },
      { rule, event, moves: stay("none", "poisoned", "guard", "empty"), when, does: "keep", citation },
    ];
  }),
];
