import { accessOf, deepFreeze, rowsOf } from "@ptekit/core";
import { atLeastRelease, inSeries } from "./kernel.ts";
import { decodedOf, goesAs, guarded, isHuge, isPrivate, type Life, registered } from "./life.ts";
import { partsOf } from "./parts.ts";

const conditions = {
  wp: "the VMA is registered for write-protection (VM_UFFD_WP)",
  missing: "the VMA is registered for missing pages (VM_UFFD_MISSING)",
  minor: "the VMA is registered for minor faults (VM_UFFD_MINOR)",
  rwp: "the VMA is registered for read-write-protection (VM_UFFD_RWP)",
  protected: "the VMA is registered for write-protection or for read-write-protection",
  "rwp-async": "UFFD_FEATURE_RWP_ASYNC",
  uffd: "the VMA is registered with userfaultfd, in any mode",
  "uffd-anywhere": "the VMA is registered, or one that MREMAP_DONTUNMAP left at the old address",
  "wp-async": "UFFD_FEATURE_WP_ASYNC",
  markers: "userfaultfd_wp_use_markers(): not anonymous, or UFFD_FEATURE_WP_UNPOPULATED",
  "event-fork": "UFFD_FEATURE_EVENT_FORK",
  "event-remap": "UFFD_FEATURE_EVENT_REMAP",
  "clears-on-remap":
    "mremap() clears uffd-wp where it takes the registration away (6.13; 6.12.11 and 6.1.192 at the latest)",
  "child-protected": "UFFD_FEATURE_EVENT_FORK: the child is registered for protection as well",
  copied:
    "fork copies the page tables: the VMA has an anon_vma, or the child is registered, or the VMA may hold guards, or before 6.0 it is hugetlb",
  accessible: "the VMA may be read",
  writable: "the VMA may be written",
  "read-only": "the VMA may be read, and not written",
  sealed: "mseal() was called",
  anonymous: "the VMA is anonymous",
  "zero-page": "the zero page is mapped",
  dirty: "pte_dirty() holds",
  "dirty-page": "the page is dirty, in its PTE or by itself",
  "shared-dirty": "the page is dirty by itself, and another process maps it",
  "lazy-free": "MADV_FREE made the page clean, and nobody wrote since",
  copies:
    "a write copies the page: it is the zero page, or not exclusive, or a private mapping has it from the file",
  "anon-page": "an anonymous page is mapped",
  pinned: "a driver has pinned the page",
  "writable-page": "pte_write() holds",
  huge: "a huge PMD maps the page, or would",
  exclusive: "the anonymous page is exclusive to the process",
  "writable-entry": "the migration or device entry is writable",
  hole: "the file has no page there",
  failed: "the memory of the file's page failed",
  beyond: "the file ends before the page",
  "swp-bit": "pte_swp_uffd_wp() holds",
  "soft-dirty": "this kernel keeps a soft-dirty bit",
  "may-guard": "the VMA may hold guards (VM_MAYBE_GUARD, 6.19)",
  "guard-files": "MADV_GUARD_INSTALL takes files too (6.15)",
} as const;

/** A fact about the VMA or the page that decides between two rows. */
export type Condition = keyof typeof conditions;

/** What each of them means. */
export const CONDITIONS: Readonly<Record<Condition, string>> = deepFreeze(conditions);

const tests: Readonly<Record<Condition, (life: Life) => boolean>> = {
  wp: (life) => life.wp,
  missing: (life) => life.missing,
  minor: (life) => life.minor,
  rwp: (life) => life.rwp,
  protected: guarded,
  "rwp-async": (life) => life.rwpAsync,
  uffd: registered,
  "uffd-anywhere": (life) => registered(life) || life.leftRegistered,
  "wp-async": (life) => life.features.includes("wp-async"),
  markers: (life) =>
    goesAs(life) !== "anonymous" || isPrivate(life) || life.features.includes("wp-unpopulated"),
  "event-fork": (life) => life.features.includes("event-fork"),
  "clears-on-remap": ({ backend }) =>
    atLeastRelease(backend, "6.13") || inSeries(backend, "6.12.11") || inSeries(backend, "6.1.192"),
  "event-remap": (life) => life.features.includes("event-remap"),
  "child-protected": (life) => guarded(life) && life.features.includes("event-fork"),
  "may-guard": (life) => life.mayGuard && atLeastRelease(life.backend, "6.19"),
  copied: (life) =>
    life.anonVma ||
    (guarded(life) && life.features.includes("event-fork") && atLeastRelease(life.backend, "5.19")) ||
    (life.mayGuard && atLeastRelease(life.backend, "6.15")) ||
    (isHuge(life) && !atLeastRelease(life.backend, "6.0")),
  accessible: (life) => life.accessible,
  writable: (life) => life.accessible && !life.readOnly,
  "read-only": (life) => life.accessible && life.readOnly,
  sealed: (life) => life.sealed,
  anonymous: (life) => life.vma === "anonymous",
  "zero-page": (life) => life.page === "zero",
  dirty: (life) => partsOf(accessOf(life.backend, life.pte)).dirty,
  "dirty-page": (life) =>
    partsOf(accessOf(life.backend, life.pte)).dirty ||
    (goesAs(life) === "anonymous" && (life.pageDirty || (!life.exclusive && life.dirtyElsewhere))) ||
    ((life.vma === "shmem" || life.vma === "hugetlb") && life.file === "page") ||
    (life.vma === "file" && life.pageDirty),
  "shared-dirty": (life) => life.pageDirty && !life.exclusive,
  "lazy-free": (life) => life.lazyFree && !partsOf(accessOf(life.backend, life.pte)).dirty,
  copies: (life) =>
    life.page === "zero" ||
    life.page === "ksm" ||
    (life.page === "anon" && !life.exclusive) ||
    (life.page === "file" && isPrivate(life)),
  "anon-page": (life) => life.page === "anon" || life.page === "ksm",
  pinned: (life) => life.pinned,
  huge: (life) => life.huge,
  "writable-page": (life) => partsOf(accessOf(life.backend, life.pte)).write,
  exclusive: (life) => life.exclusive,
  "writable-entry": (life) => decodedOf(life).access === "write",
  hole: (life) => life.file === "hole",
  failed: (life) => life.file === "failed",
  beyond: (life) => life.file === "beyond",
  "swp-bit": (life) => decodedOf(life).uffdWp === true,
  "soft-dirty": (life) => rowsOf(life.backend.layout, "softDirty").length > 0,
  "guard-files": (life) => atLeastRelease(life.backend, "6.15"),
};

/** Whether `wp`, or `!wp`, holds. */
export function holds(life: Life, condition: Condition | `!${Condition}`): boolean {
  return condition.startsWith("!")
    ? !tests[condition.slice(1) as Condition](life)
    : tests[condition as Condition](life);
}
