import { ANY, become, NOT_PRESENT, see, stay, type Transition } from "../transition.ts";

const move = see("move_ptes()", "mm/mremap.c");
const change = see("change_pte_range()", "mm/mprotect.c");
const soft = see("clear_soft_dirty()", "fs/proc/task_mmu.c");
const dropped = "mremap() without UFFD_FEATURE_EVENT_REMAP takes the registration away";
const from613 =
  "0cef0bb836e3 in v6.13, CVE-2025-21696; in stable trees from 6.12.11 on, and in 6.1.192, which was not read";

const entries = NOT_PRESENT.filter((state) => state !== "special");

/** mremap(), as far as it does the same with MREMAP_DONTUNMAP. */
const moving = (event: "mremap" | "mremap-dontunmap"): Transition[] => [
  {
    rule: 24,
    event,
    moves: stay(...ANY),
    when: ["uffd", "event-remap"],
    does: "remap",
    sees: "remap message",
    citation: move,
  },
  {
    rule: 24,
    event,
    moves: become("none", "special"),
    when: ["protected", "!event-remap", "clears-on-remap"],
    does: "clear",
    drops: dropped,
    citation: move,
    uncertain: from613,
  },
  {
    rule: 24,
    event,
    moves: {
      ...stay("none", "poisoned", "guard", "hwpoison", "empty"),
      ...become("present", "present", "present-wp"),
      ...become("swap", "swap", "swap-wp"),
      ...become("migration", "migration", "migration-wp"),
      ...become("device", "device", "device-wp"),
    },
    when: ["protected", "!event-remap", "clears-on-remap"],
    does: "remap-unprotect",
    drops: dropped,
    citation: move,
    uncertain: from613,
  },
  {
    rule: 24,
    event,
    moves: stay(...ANY),
    when: ["wp"],
    does: "remap",
    drops: `${dropped}, and leaves the bit or the special PTE behind`,
    citation: see("move_ptes()", "mm/mremap.c", "5.10"),
  },
  { rule: 0, event, moves: stay(...ANY), does: "remap", citation: move },
];

/** mprotect() to less than writing. */
const forbidding = (
  event: "mprotect-none" | "mprotect-read",
  condition: "accessible" | "!read-only",
  does: "mprotect-none-page" | "mprotect-read-page",
): Transition[] => [
  {
    rule: 0,
    event,
    moves: stay("present", "present-wp"),
    when: [condition],
    does,
    citation: change,
  },
  {
    rule: 30,
    event,
    moves: become("migration", "migration-wp"),
    when: [condition, "writable-entry"],
    since: "6.2",
    does: "mprotect-entry-unprotect",
    drops: "PAGEMAP_SCAN set the bit of a writable entry, and the entry that mprotect() makes of it lacks it",
    citation: see("change_softleaf_pte()", "mm/mprotect.c", "7.2"),
    uncertain: "6.1 keeps the bit, 6.12 does not",
  },
  {
    rule: 0,
    event,
    moves: stay(...entries.filter((state) => !["poisoned", "guard", "empty"].includes(state))),
    when: [condition],
    does: "mprotect-entry",
    citation: change,
  },
  {
    rule: 0,
    event,
    moves: stay("none", "special", "poisoned", "guard", "empty"),
    when: [condition],
    does: "keep",
    citation: change,
  },
];

/** What changes a VMA, or discards what a program could not write, is refused of one that is sealed. */
const sealed = (event: Transition["event"], symbol: string, file: string, release?: string): Transition => ({
  rule: 0,
  event,
  moves: stay(...ANY),
  when: ["sealed"],
  does: "keep",
  sees: "EPERM",
  citation: see(symbol, file, release),
});

/** mseal() goes before all else. */
export const sealing: readonly Transition[] = [
  ...(["mprotect-none", "mprotect-read", "mprotect-write"] as const).map((event) =>
    sealed(event, "mprotect_fixup()", "mm/mprotect.c"),
  ),
  ...(["mremap", "mremap-dontunmap"] as const).map((event) =>
    sealed(event, "check_prep_vma()", "mm/mremap.c", "7.2"),
  ),
  sealed("munmap", "vms_gather_munmap_vmas()", "mm/vma.c"),
  ...(["dontneed", "madv-free", "guard-install"] as const).map(
    (event): Transition => ({
      ...sealed(event, "can_modify_vma_madv()", "mm/mseal.c"),
      when: ["sealed", "!writable", "anonymous"],
    }),
  ),
];

/** mremap(), mprotect(), mseal(), clear_refs. */
export const remap: readonly Transition[] = [
  {
    rule: 24,
    event: "mremap",
    moves: stay(...ANY),
    vma: ["hugetlb"],
    until: "5.16",
    does: "keep",
    sees: "EINVAL",
    citation: see("mremap_to()", "mm/mremap.c", "5.10"),
    uncertain: "that hugetlb memory can be moved came between v5.10 and v6.1, in v5.16 from memory",
  },
  ...moving("mremap"),
  {
    rule: 24,
    event: "mremap-dontunmap",
    moves: stay(...ANY),
    vma: ["hugetlb"],
    does: "keep",
    sees: "EINVAL",
    citation: see("vma_to_resize()", "mm/mremap.c"),
  },
  {
    rule: 24,
    event: "mremap-dontunmap",
    moves: stay(...ANY),
    vma: ["shmem", "file"],
    until: "5.13",
    does: "keep",
    sees: "EINVAL",
    citation: see("vma_to_resize()", "mm/mremap.c", "5.10"),
    uncertain: "that memory of files is taken came between v5.10 and v6.1, in v5.13 from memory",
  },
  ...moving("mremap-dontunmap"),

  ...forbidding("mprotect-none", "accessible", "mprotect-none-page"),
  ...forbidding("mprotect-read", "!read-only", "mprotect-read-page"),
  {
    rule: 0,
    event: "mprotect-write",
    moves: stay("present", "present-wp"),
    when: ["!writable"],
    does: "mprotect-write-page",
    citation: change,
  },
  {
    rule: 0,
    event: "mprotect-write",
    moves: stay("none", ...NOT_PRESENT),
    when: ["!writable"],
    does: "keep",
    citation: change,
  },
  { rule: 0, event: "mseal", moves: stay(...ANY), does: "keep", citation: see("do_mseal()", "mm/mseal.c") },

  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["soft-dirty", "pinned", "writable-page"],
    does: "keep",
    citation: see("pte_is_pinned()", "fs/proc/task_mmu.c"),
  },
  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay("present", "present-wp"),
    vma: ["anonymous", "shmem", "file"],
    when: ["soft-dirty"],
    does: "clear-soft-dirty-page",
    citation: soft,
  },
  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay(...entries),
    vma: ["anonymous", "shmem", "file"],
    when: ["soft-dirty"],
    does: "clear-soft-dirty-entry",
    citation: soft,
  },
  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay("special"),
    vma: ["anonymous", "shmem", "file"],
    when: ["soft-dirty"],
    design: "swap-type",
    does: "clear-soft-dirty-entry",
    citation: soft,
  },
  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay("none", "special"),
    vma: ["anonymous", "shmem", "file"],
    when: ["soft-dirty"],
    does: "keep",
    citation: soft,
  },
  {
    rule: 0,
    event: "clear-soft-dirty",
    moves: stay(...ANY),
    vma: ["hugetlb"],
    when: ["soft-dirty"],
    does: "keep",
    citation: soft,
  },
];
