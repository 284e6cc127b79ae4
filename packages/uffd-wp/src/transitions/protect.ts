import { ANY, become, OF_FILES, see, stay, type Transition } from "../transition.ts";

const change = see("change_pte_range()", "mm/mprotect.c");
const softleaf = see("change_softleaf_pte()", "mm/mprotect.c", "7.2");
const hugetlb = see("hugetlb_change_protection()", "mm/hugetlb.c");
const resolves = "user space asked for it";
const released = { unregister: "userfaultfd_unregister()", close: "userfaultfd_release()" } as const;

/** UFFDIO_WRITEPROTECT, on and off. */
export const protect: readonly Transition[] = [
  ...(["write-protect", "un-protect"] as const).map(
    (event): Transition => ({
      rule: 0,
      event,
      moves: stay(...ANY),
      when: ["!wp"],
      does: "keep",
      sees: "ENOENT",
      citation: see("mwriteprotect_range()", "mm/userfaultfd.c"),
    }),
  ),
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
  ...leaving("unregister", "6.0", "clears since f369b07c8614"),
  ...leaving("close", "6.9", "clears since c88033efe9a3"),
  ...(["un-protect", "unregister", "close"] as const).flatMap((event): Transition[] => {
    const rule = event === "un-protect" ? 6 : 29;
    const when = event === "un-protect" ? (["wp"] as const) : (["protected"] as const);
    const citation = event === "un-protect" ? change : see(released[event], "fs/userfaultfd.c");
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
      { rule, event, moves: become("none", "empty"), when, does: "clear", citation: softleaf },
      { rule, event, moves: stay("none", "poisoned", "guard"), when, does: "keep", citation },
    ];
  }),
  {
    rule: 0,
    event: "unregister",
    moves: stay(...ANY),
    vma: ["file"],
    when: ["!wp"],
    does: "keep",
    sees: "EINVAL",
    citation: see("vma_can_userfault()", "include/linux/userfaultfd_k.h"),
  },
  // A range that is registered for missing pages alone, or not at all.
  ...(["unregister", "close"] as const).map(
    (event): Transition => ({
      rule: 0,
      event,
      moves: stay(...ANY),
      does: "keep",
      citation: see(released[event], "fs/userfaultfd.c"),
    }),
  ),
];

/** Before some release the registration went, and what the PTEs say stayed. */
function leaving(event: "unregister" | "close", until: string, uncertain: string): Transition[] {
  return [
    {
      rule: 29,
      event,
      moves: stay(...ANY),
      when: ["wp"],
      until,
      does: "keep",
      drops: "the registration goes, and what the PTEs say is left behind",
      citation: see(released[event], "fs/userfaultfd.c", "5.10"),
      uncertain: `${uncertain}; some stable trees have it earlier`,
    },
  ];
}
