import { ANY, become, forKernelToo, see, stay, type Transition } from "../transition.ts";

const change = see("change_pte_range()", "mm/mprotect.c", "7.3");
const softleaf = see("change_softleaf_pte()", "mm/mprotect.c", "7.3");
const hugetlb = see("hugetlb_change_protection()", "mm/hugetlb.c", "7.3");
const range = see("mrwprotect_range()", "mm/userfaultfd.c", "7.3");
const register = see("userfaultfd_register()", "mm/userfaultfd.c", "7.3");
const setMode = see("userfaultfd_set_mode()", "mm/userfaultfd.c", "7.3");
const fault = see("do_uffd_rwp()", "mm/memory.c", "7.3");
const swapIn = see("do_swap_page()", "mm/memory.c", "7.3");
const markers = see("cond_install_uffd_wp_ptes()", "mm/memory.c", "7.3");
const async = "UFFD_FEATURE_RWP_ASYNC: a used page loses its protection without a message";
const resolves = "user space asked for it";
const noMarker = "read-write-protection has no special PTE: it goes where the page of a file goes";

const common = { rule: 34 } as const;

/** Registration, and the switch of UFFDIO_SET_MODE. */
const registration: readonly Transition[] = [
  ...(
    [
      ["register", ["rwp"]],
      ["register-rwp", ["wp"]],
      ["register-rwp", ["!accessible"]],
      // Registered for one thing more, the VMA stays registered for this.
      ["register-missing", ["rwp", "!accessible"]],
      ["register-minor", ["rwp", "!accessible"]],
    ] as const
  ).map(
    ([event, when]): Transition => ({
      ...common,
      event,
      moves: stay(...ANY),
      when,
      since: "7.3",
      does: "keep",
      sees: "EINVAL",
      citation: register,
    }),
  ),
  {
    ...common,
    event: "register-rwp",
    moves: stay(...ANY),
    vma: ["private-file"],
    does: "keep",
    sees: "EINVAL",
    citation: see("vma_can_userfault()", "mm/userfaultfd.c", "7.3"),
  },
  {
    ...common,
    event: "register-rwp",
    moves: stay(...ANY),
    vma: ["anonymous", "shmem", "hugetlb"],
    does: "keep",
    citation: register,
  },
  ...(["set-rwp-async", "clear-rwp-async"] as const).map(
    (event): Transition => ({ ...common, event, moves: stay(...ANY), does: "keep", citation: setMode }),
  ),
];

/** UFFDIO_RWPROTECT, on and off. */
const protection: readonly Transition[] = [
  ...(["rwprotect", "un-rwprotect"] as const).map(
    (event): Transition => ({
      ...common,
      event,
      moves: stay(...ANY),
      when: ["!rwp"],
      does: "keep",
      sees: "ENOENT",
      citation: range,
    }),
  ),
  {
    ...common,
    event: "rwprotect",
    moves: become("present-rwp", "present", "present-wp", "present-rwp"),
    does: "rwprotect-page",
    citation: change,
  },
  {
    ...common,
    event: "rwprotect",
    moves: {
      ...become("swap-wp", "swap", "swap-wp"),
      ...become("migration-wp", "migration", "migration-wp"),
      ...become("device-wp", "device", "device-wp"),
    },
    does: "protect-entry",
    citation: softleaf,
  },
  {
    ...common,
    event: "rwprotect",
    moves: stay("hwpoison"),
    vma: ["hugetlb"],
    does: "keep",
    citation: hugetlb,
  },
  { ...common, event: "rwprotect", moves: stay("hwpoison"), does: "mark-entry", citation: softleaf },
  {
    ...common,
    event: "rwprotect",
    moves: stay("none", "special", "poisoned", "guard", "empty"),
    does: "keep",
    citation: change,
  },
  {
    ...common,
    event: "un-rwprotect",
    moves: become("present", "present", "present-wp", "present-rwp"),
    does: "unprotect-page",
    drops: resolves,
    citation: change,
  },
  {
    ...common,
    event: "un-rwprotect",
    moves: {
      ...become("swap", "swap", "swap-wp"),
      ...become("migration", "migration", "migration-wp"),
      ...become("device", "device", "device-wp"),
    },
    does: "unprotect-entry",
    drops: resolves,
    citation: softleaf,
  },
  {
    ...common,
    event: "un-rwprotect",
    moves: stay("hwpoison"),
    vma: ["hugetlb"],
    does: "keep",
    citation: hugetlb,
  },
  { ...common, event: "un-rwprotect", moves: stay("hwpoison"), does: "unprotect-entry", citation: softleaf },
  {
    ...common,
    event: "un-rwprotect",
    moves: become("none", "special", "empty"),
    does: "clear",
    citation: softleaf,
  },
  {
    ...common,
    event: "un-rwprotect",
    moves: stay("none", "poisoned", "guard"),
    does: "keep",
    citation: softleaf,
  },
];

/** Accesses of what is read-write-protected. */
const access = (event: "read" | "write"): Transition[] => {
  const when = ["rwp", event === "read" ? "accessible" : "writable"] as const;
  return [
    {
      ...common,
      event,
      moves: stay("present-rwp"),
      when: [...when, "!rwp-async"],
      does: "keep",
      sees: "uffd-rwp message",
      citation: fault,
    },
    {
      ...common,
      event,
      moves: become("present", "present-rwp"),
      when,
      does: event === "read" ? "unprotect-page" : "resolve-and-write",
      drops: async,
      citation: fault,
    },
    {
      ...common,
      event,
      moves: become("present-rwp", "swap-wp"),
      when,
      does: "swap-in-read",
      sees: "retry",
      citation: swapIn,
    },
    {
      ...common,
      event,
      moves: become("present-rwp", "device-wp"),
      when,
      does: "from-device-read",
      sees: "retry",
      citation: see("remove_migration_pte()", "mm/migrate.c", "7.3"),
    },
  ];
};

/** What becomes of it where the page goes. */
const leaving: readonly Transition[] = [
  ...(["dontneed", "punch-hole"] as const).map(
    (event): Transition => ({
      ...common,
      event,
      moves: become("special", "present-rwp", "present-wp", "migration-wp", "special"),
      vma: ["hugetlb"],
      when: ["rwp"],
      until: "7.3.4",
      does: "special",
      drops: "a uffd-wp marker is left, which no access traps on",
      citation: see("__unmap_hugepage_range()", "mm/hugetlb.c", "7.2"),
      uncertain: "seen on 7.3-rc7 (Debian's 7.3-amd64); the source of 7.3.4 asks userfaultfd_wp(vma) first",
    }),
  ),
  ...(["reclaim", "dontneed", "punch-hole", "truncate"] as const).map(
    (event): Transition => ({
      ...common,
      event,
      moves: become("none", "present-rwp", ...(event === "reclaim" ? [] : (["migration-wp"] as const))),
      vma: event === "reclaim" ? ["shmem"] : ["shmem", "hugetlb"],
      when: ["rwp"],
      does: "clear",
      drops: noMarker,
      citation: markers,
    }),
  ),
  {
    ...common,
    event: "swapoff",
    moves: become("present-rwp", "swap-wp"),
    when: ["rwp"],
    does: "unuse",
    citation: see("unuse_pte()", "mm/swapfile.c", "7.3"),
  },
  {
    ...common,
    event: "migrate-end",
    moves: become("present-rwp", "migration-wp"),
    when: ["rwp"],
    does: "migrate-end",
    citation: see("remove_migration_pte()", "mm/migrate.c", "7.3"),
  },
  ...(["zero-page", "exclusive"] as const).map(
    (condition): Transition => ({
      ...common,
      event: "move",
      moves: become("present-rwp", "present", "present-rwp"),
      vma: ["anonymous"],
      when: ["rwp", "writable", "!pinned", condition],
      does: "move-page",
      citation: see("move_present_ptes()", "mm/userfaultfd.c", "7.3"),
    }),
  ),
  {
    ...common,
    event: "move",
    moves: become("swap-wp", "swap", "swap-wp"),
    vma: ["anonymous"],
    when: ["rwp", "writable", "exclusive"],
    does: "move-entry-rwp",
    citation: see("move_swap_pte()", "mm/userfaultfd.c", "7.3"),
  },
  {
    ...common,
    event: "move-onto",
    moves: become("present-rwp", "none"),
    vma: ["anonymous"],
    when: ["rwp", "writable"],
    does: "map-rwp",
    citation: see("move_present_ptes()", "mm/userfaultfd.c", "7.3"),
  },
];

/** UFFDIO_RWPROTECT (7.3): the same bit, on a page that no access is let through to. */
export const readWriteProtection: readonly Transition[] = [
  ...registration,
  ...protection,
  ...[...access("read"), ...access("write")].flatMap(forKernelToo),
  ...leaving,
];
