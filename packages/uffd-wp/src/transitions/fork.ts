import { ANY, become, see, stay, type Transition } from "../transition.ts";

const nonPresent = see("copy_nonpresent_pte()", "mm/memory.c");
const present = see("__copy_present_ptes()", "mm/memory.c");
const copied = see("copy_present_page()", "mm/memory.c");
const marker = see("copy_pte_marker()", "include/linux/mm_inline.h");
const needs = see("vma_needs_copy()", "mm/memory.c");
const notRegistered = "the child is not registered";

const entries = {
  same: stay("swap", "swap-wp", "migration", "migration-wp", "device", "device-wp"),
  cleared: {
    ...become("swap", "swap", "swap-wp"),
    ...become("migration", "migration", "migration-wp"),
    ...become("device", "device", "device-wp"),
  },
} as const;

/** fork(), seen from the parent. */
const parent: readonly Transition[] = [
  {
    rule: 23,
    event: "fork",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["pinned"],
    does: "keep",
    citation: copied,
  },
  {
    rule: 23,
    event: "fork",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    does: "share-page",
    citation: present,
  },
  {
    rule: 23,
    event: "fork",
    moves: entries.same,
    vma: ["anonymous"],
    does: "share-entry",
    citation: nonPresent,
  },
  { rule: 23, event: "fork", moves: stay(...ANY), does: "keep", citation: nonPresent },
];

/** fork(), seen from the child. */
const child: readonly Transition[] = [
  {
    rule: 23,
    event: "fork-child",
    moves: become("none", ...ANY),
    when: ["!copied"],
    does: "not-copied",
    drops: notRegistered,
    citation: needs,
    uncertain:
      "that guards of files survive came with them, in v6.15: by an anon_vma up to 6.18 (seen on 6.18), by VM_COPY_ON_FORK since",
  },
  { rule: 23, event: "fork-child", moves: stay("none"), does: "keep", citation: nonPresent },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["pinned", "child-protected"],
    does: "copy-pinned",
    citation: copied,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: become("present", "present", "present-wp"),
    vma: ["anonymous"],
    when: ["pinned"],
    does: "copy-pinned",
    drops: notRegistered,
    citation: copied,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["child-protected"],
    does: "share-page-child",
    citation: present,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: become("present", "present", "present-wp"),
    vma: ["anonymous"],
    does: "share-page-child",
    drops: notRegistered,
    citation: present,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("present", "present-wp"),
    when: ["child-protected"],
    does: "copy-file-page-child",
    citation: present,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: become("present", "present", "present-wp"),
    does: "copy-file-page-child",
    drops: notRegistered,
    citation: present,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: entries.same,
    when: ["child-protected"],
    does: "share-entry-child",
    citation: nonPresent,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: entries.cleared,
    does: "share-entry-child",
    drops: notRegistered,
    citation: nonPresent,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("special"),
    when: ["wp", "child-protected"],
    until: "6.6",
    does: "keep",
    citation: see("copy_nonpresent_pte()", "mm/memory.c", "6.1"),
    uncertain:
      "that a marker is made anew, without soft-dirty, came between v6.1 and v6.12, in v6.6 from memory",
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("special"),
    when: ["wp", "child-protected"],
    does: "copy-special",
    citation: marker,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: become("none", "special", "empty"),
    does: "clear",
    drops: notRegistered,
    citation: marker,
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("poisoned", "guard"),
    does: "copy-marker",
    citation: see("copy_pte_marker()", "include/linux/mm_inline.h", "7.2"),
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("hwpoison"),
    does: "share-entry-child",
    citation: nonPresent,
  },
];

export const forking: readonly Transition[] = [...parent, ...child].flatMap((row): Transition[] => {
  const { when = [] } = row;
  if (when.includes("child-protected")) return [{ ...row, sees: "fork message" }];
  return [{ ...row, when: [...when, "event-fork", "uffd-anywhere"], sees: "fork message" }, row];
});
