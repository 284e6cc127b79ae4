import { ANY, become, NOT_PRESENT, see, stay, type Transition } from "../transition.ts";
import type { VmaKind } from "../vocabulary.ts";
import { fill, filling, moves } from "./fill.ts";
import { guard } from "./guard.ts";
import { protect } from "./protect.ts";
import { reclaim } from "./reclaim.ts";
import { register } from "./register.ts";
import { remap } from "./remap.ts";

const zapInstall = see("zap_install_uffd_wp_if_needed()", "mm/memory.c");
const zap = see("zap_pte_range()", "mm/memory.c");
const shouldZap = see("should_zap_cows()", "mm/memory.c");
const folio = see("unmap_mapping_folio()", "mm/memory.c");
const hugetlb = see("hugetlb_mfill_atomic_pte()", "mm/hugetlb.c");
const present = see("__copy_present_ptes()", "mm/memory.c");
const install = see("madvise_guard_install()", "mm/madvise.c", "7.2");
const punched = "the page is gone from the file";
const notRegistered = "the child is not registered";

/** Private mappings of shmem and of other files: what is written there is an anonymous page. */
const OF_COW: readonly VmaKind[] = ["private-shmem", "private-file"];

const entries = ["swap", "swap-wp", "device", "device-wp"] as const;

/** What the VMA decides, whatever the page is: a private mapping of a file is refused and taken as a shared one. */
const asShared = (
  rows: readonly Transition[],
  events: readonly Transition["event"][],
  kinds: readonly ("shmem" | "file")[] = ["shmem", "file"],
): Transition[] =>
  rows
    .filter(({ event, vma }) => events.includes(event) && kinds.some((kind) => vma?.includes(kind) === true))
    .map((row) => ({
      ...row,
      vma: kinds.filter((kind) => row.vma?.includes(kind)).map((kind): VmaKind => `private-${kind}`),
    }));

/** Zapping without ZAP_FLAG_DROP_MARKER, of copies as well: the VMA is not anonymous, so markers stay. */
const zapped = (event: "dontneed" | "truncate"): Transition[] => [
  {
    rule: 11,
    event,
    moves: become("special", "present-wp", "swap-wp", "migration-wp", "device-wp"),
    vma: OF_COW,
    when: ["wp"],
    does: "special",
    citation: zapInstall,
  },
  {
    rule: 17,
    event,
    moves: become("special", "poisoned", "hwpoison"),
    vma: OF_COW,
    when: ["wp", "swp-bit"],
    does: "special",
    citation: zapInstall,
  },
  { rule: 11, event, moves: stay("special"), vma: OF_COW, does: "keep", citation: zap },
  { rule: 16, event, moves: stay("guard"), vma: OF_COW, does: "keep", citation: zap },
  {
    rule: 11,
    event,
    moves: become("none", ...ANY),
    vma: OF_COW,
    does: "clear",
    drops: punched,
    citation: zap,
  },
];

/** A hole, or truncation under the folio lock, leaves the process's own copies alone. */
const ownStay = (event: "punch-hole" | "zap-locked"): Transition[] => [
  {
    rule: 11,
    event,
    moves: stay("present", "present-wp", "migration", "migration-wp"),
    vma: OF_COW,
    when: ["anon-page"],
    does: "keep",
    citation: shouldZap,
  },
  { rule: 11, event, moves: stay(...entries), vma: OF_COW, does: "keep", citation: shouldZap },
];

const guards: readonly Transition[] = [
  ...asShared(guard, ["guard-remove"]),
  {
    rule: 16,
    event: "guard-install",
    moves: become("special", "swap-wp", "device-wp"),
    vma: OF_COW,
    when: ["guard-files", "wp"],
    design: "swap-type",
    does: "special",
    sees: "ERESTARTNOINTR, again and again",
    citation: install,
  },
  ...asShared(guard, ["guard-install"]),
];

/** A child whose tables are copied, and which is not registered; with the feature somebody is told. */
const childOf = (feature: "event-fork" | null): NonNullable<Transition["when"]> => [
  "copied",
  "!child-protected",
  ...(feature === null ? [] : ([feature, "uffd-anywhere"] as const)),
];

/** fork() of what a private mapping has from the file, and of hugetlb memory of the process's own. */
const forks: readonly Transition[] = [
  ...([["event-fork", "uffd-anywhere"], []] as const).map(
    (when): Transition => ({
      rule: 23,
      event: "fork",
      moves: stay("present", "present-wp"),
      vma: ["private-hugetlb"],
      when,
      does: "share-page",
      ...(when.length > 0 ? { sees: "fork message" } : {}),
      citation: see("copy_hugetlb_page_range()", "mm/hugetlb.c"),
    }),
  ),
  ...(["event-fork", null] as const).flatMap((feature): Transition[] => [
    {
      rule: 23,
      event: "fork-child",
      moves: stay("present-wp"),
      vma: ["private-hugetlb"],
      when: childOf(feature),
      until: "6.4",
      does: "share-page",
      ...(feature === null ? {} : { sees: "fork message" as const }),
      drops: `${notRegistered}, and the bit is left behind`,
      citation: see("copy_hugetlb_page_range()", "mm/hugetlb.c", "6.1"),
      uncertain: "6.1 leaves the bit, 6.12 clears it; in v6.4 from memory",
    },
    {
      rule: 23,
      event: "fork-child",
      moves: become("present", "present", "present-wp"),
      vma: ["private-hugetlb"],
      when: childOf(feature),
      does: "share-page-child",
      ...(feature === null ? {} : { sees: "fork message" as const }),
      drops: notRegistered,
      citation: see("copy_hugetlb_page_range()", "mm/hugetlb.c"),
    },
    {
      rule: 23,
      event: "fork-child",
      moves: become("present", "present", "present-wp"),
      vma: OF_COW,
      when: [...childOf(feature), "!anon-page"],
      does: "copy-private-child",
      ...(feature === null ? {} : { sees: "fork message" as const }),
      drops: notRegistered,
      citation: present,
    },
  ]),
  {
    rule: 23,
    event: "fork-child",
    moves: stay("present", "present-wp"),
    vma: ["private-hugetlb"],
    when: ["copied", "child-protected"],
    does: "share-page-child",
    sees: "fork message",
    citation: see("copy_hugetlb_page_range()", "mm/hugetlb.c"),
  },
  {
    rule: 23,
    event: "fork-child",
    moves: stay("present", "present-wp"),
    vma: OF_COW,
    when: ["copied", "child-protected", "!anon-page"],
    does: "copy-private-child",
    sees: "fork message",
    citation: present,
  },
];

/** The ioctls that fill, in a private mapping of shmem: a page of the process's own, or the file's read-only. */
const fills: readonly Transition[] = [
  {
    rule: 26,
    event: "poison",
    moves: stay(...ANY),
    vma: ["private-file"],
    when: ["uffd"],
    does: "keep",
    sees: "EINVAL",
    citation: see("mfill_atomic()", "mm/userfaultfd.c"),
  },
  ...(["copy", "copy-wp", "zeropage"] as const).map(
    (event): Transition => ({
      rule: 25,
      event,
      moves: stay(...ANY),
      vma: ["private-shmem"],
      when: [event === "copy-wp" ? "wp" : "uffd", "beyond"],
      does: "keep",
      sees: "EFAULT",
      citation: see("mfill_file_over_size()", "mm/userfaultfd.c"),
    }),
  ),
  // hugetlb looks at the file, and at where it ends, for shared mappings alone; once it looked at the end again for all.
  ...(["copy", "copy-wp"] as const).map(
    (event): Transition => ({
      rule: 25,
      event,
      moves: stay(...ANY),
      vma: ["private-hugetlb"],
      when: [event === "copy-wp" ? "wp" : "uffd", "beyond"],
      until: "6.1",
      does: "keep",
      sees: "EFAULT",
      citation: see("hugetlb_mcopy_atomic_pte()", "mm/hugetlb.c", "5.10"),
      uncertain: "that a private mapping is no longer asked where the file ends came between v5.10 and v6.1",
    }),
  ),
  ...filling("copy", ["private-hugetlb"], { does: "fill-private", citation: hugetlb }),
  ...filling("copy-wp", ["private-hugetlb"], { does: "fill-private-wp", citation: hugetlb }),
  ...filling("copy", ["private-shmem"], { does: "fill-private" }),
  ...filling("copy-wp", ["private-shmem"], { does: "fill-private-wp" }),
  ...fill
    .filter(({ event, vma }) => event === "zeropage" && vma?.includes("anonymous") === true)
    .map((row): Transition => ({ ...row, vma: ["private-shmem"] })),
  ...asShared(fill, ["continue", "continue-wp"], ["shmem"]).map(
    (row): Transition =>
      row.does === "fill"
        ? { ...row, does: "continue-private" }
        : row.does === "fill-wp"
          ? { ...row, does: "continue-private-wp" }
          : row,
  ),
  // What is registered there is registered for write-protection.
  ...asShared(fill, ["copy", "copy-wp", "continue", "continue-wp", "zeropage"], ["file"]).filter(
    ({ when }) => when?.includes("!wp") !== true,
  ),
];

/** Private mappings of files: where they go neither as the shared mapping nor as anonymous memory. */
export const privately: readonly Transition[] = [
  ...asShared(register, ["register", "register-missing", "register-minor"]),
  // Refused as the shared mapping is, whatever the page is.
  ...(["register", "register-missing"] as const).map(
    (event): Transition => ({
      rule: 0,
      event,
      moves: stay(...ANY),
      vma: OF_COW,
      does: "keep",
      sees: "EINVAL",
      citation: see("vma_can_userfault()", "include/linux/userfaultfd_k.h"),
    }),
  ),
  ...asShared(protect, ["unregister"]),
  ...asShared(reclaim, ["madv-free"]),
  ...asShared(moves, ["move", "move-onto"]),
  ...asShared(remap, ["mremap-dontunmap"]),
  ...guards,
  ...forks,
  ...fills,
  ...zapped("dontneed"),
  ...zapped("truncate"),
  ...ownStay("punch-hole"),
  ...ownStay("zap-locked"),
  {
    rule: 13,
    event: "zap-locked",
    moves: become("none", "present", "present-wp", "special", "guard", "none", "empty"),
    vma: ["private-file"],
    when: ["!hole", "!beyond"],
    does: "clear",
    drops: punched,
    citation: folio,
  },
  {
    rule: 17,
    event: "zap-locked",
    moves: stay(...NOT_PRESENT),
    vma: ["private-file"],
    when: ["!hole", "!beyond"],
    does: "keep",
    citation: folio,
  },
];
