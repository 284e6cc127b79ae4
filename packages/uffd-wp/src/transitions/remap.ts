import { ANY, become, NOT_PRESENT, see, stay, type Transition } from "../transition.ts";

const move = see("move_ptes()", "mm/mremap.c");
const change = see("change_pte_range()", "mm/mprotect.c");
const soft = see("clear_soft_dirty()", "fs/proc/task_mmu.c");
const dropped = "mremap() without UFFD_FEATURE_EVENT_REMAP takes the registration away";
const from613 = "in v6.13 from memory; the stable trees 6.1.192 and 6.12.117 have it too";

const entries = NOT_PRESENT.filter((state) => state !== "special");

/** mremap(), mprotect(), clear_refs. */
export const remap: readonly Transition[] = [
  {
    rule: 24,
    event: "mremap",
    moves: stay(...ANY),
    when: ["uffd", "event-remap"],
    does: "remap",
    sees: "remap message",
    citation: move,
  },
  {
    rule: 24,
    event: "mremap",
    moves: become("none", "special"),
    when: ["wp", "!event-remap", "clears-on-remap"],
    does: "clear",
    drops: dropped,
    citation: move,
    uncertain: from613,
  },
  {
    rule: 24,
    event: "mremap",
    moves: {
      ...stay("none", "poisoned", "guard", "hwpoison", "empty"),
      ...become("present", "present", "present-wp"),
      ...become("swap", "swap", "swap-wp"),
      ...become("migration", "migration", "migration-wp"),
      ...become("device", "device", "device-wp"),
    },
    when: ["wp", "!event-remap", "clears-on-remap"],
    does: "remap-unprotect",
    drops: dropped,
    citation: move,
    uncertain: from613,
  },
  {
    rule: 24,
    event: "mremap",
    moves: stay(...ANY),
    when: ["wp"],
    does: "remap",
    drops: `${dropped}, and leaves the bit or the special PTE behind`,
    citation: see("move_ptes()", "mm/mremap.c", "5.10"),
  },
  { rule: 0, event: "mremap", moves: stay(...ANY), does: "remap", citation: move },

  {
    rule: 0,
    event: "mprotect-none",
    moves: stay("present", "present-wp"),
    when: ["accessible"],
    does: "mprotect-page",
    citation: change,
  },
  {
    rule: 0,
    event: "mprotect-none",
    moves: stay(...entries.filter((state) => !["poisoned", "guard", "empty"].includes(state))),
    when: ["accessible"],
    does: "mprotect-entry",
    citation: change,
  },
  {
    rule: 0,
    event: "mprotect-none",
    moves: stay("none", "special", "poisoned", "guard", "empty"),
    when: ["accessible"],
    does: "keep",
    citation: change,
  },
  {
    rule: 0,
    event: "mprotect-write",
    moves: stay("present", "present-wp"),
    when: ["!accessible"],
    does: "mprotect-page",
    citation: change,
  },
  {
    rule: 0,
    event: "mprotect-write",
    moves: stay("none", ...NOT_PRESENT),
    when: ["!accessible"],
    does: "keep",
    citation: change,
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
];
