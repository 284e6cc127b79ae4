import { deepFreeze } from "@ptekit/core";
/** What a PTE of a followed page is. `-wp`: it carries the uffd-wp bit. */
export type State =
  | "none"
  | "present"
  | "present-wp"
  | "writable-wp"
  | "present-rwp"
  | "swap"
  | "swap-wp"
  | "migration"
  | "migration-wp"
  | "device"
  | "device-wp"
  | "special"
  | "poisoned"
  | "guard"
  | "hwpoison"
  | "empty";

/** Each state, in a few words. */
export const STATES: Readonly<Record<State, string>> = deepFreeze({
  none: "pte_none(): nothing is mapped",
  present: "a page is mapped",
  "present-wp": "a page is mapped, pte_uffd_wp() holds and the write bit is off",
  "writable-wp":
    "a page is mapped, pte_uffd_wp() holds and so does pte_write(): the bit was left behind, and nothing traps",
  "present-rwp":
    "a page is mapped without access (PROT_NONE), and pte_uffd() holds: read-write-protection (7.3)",
  swap: "a swap slot",
  "swap-wp": "a swap slot, pte_swp_uffd_wp() holds",
  migration: "a migration entry",
  "migration-wp": "a migration entry, pte_swp_uffd_wp() holds",
  device: "a device-private entry",
  "device-wp": "a device-private entry, pte_swp_uffd_wp() holds",
  special: "the special PTE: nothing is mapped, and it is write-protected",
  poisoned: "a poison marker (before 6.2 a swapin-error entry)",
  guard: "a guard marker",
  hwpoison: "a hwpoison entry",
  empty: "a marker without a bit that this release knows: it should not exist",
});

/** Whether a PTE in that state is write-protected, in whichever form. */
export const isProtected = (state: State): boolean =>
  state === "special" || (state.endsWith("-wp") && state !== "writable-wp");

/**
 * Which memory the PTE belongs to: private anonymous; shared mappings of shmem, of another file, of hugetlbfs; private
 * mappings of the same (MAP_PRIVATE); anonymous memory that a huge PMD maps (THP), where that PMD is followed.
 */
export type VmaKind =
  | "anonymous"
  | "shmem"
  | "file"
  | "hugetlb"
  | "private-shmem"
  | "private-file"
  | "private-hugetlb"
  | "thp";

/** The kinds of memory that the model tells apart. */
export const VMA_KINDS: readonly VmaKind[] = deepFreeze([
  "anonymous",
  "shmem",
  "file",
  "hugetlb",
  "private-shmem",
  "private-file",
  "private-hugetlb",
  "thp",
]);

/** A feature asked for with UFFDIO_API, or of userfaultfd() itself, as far as it changes what happens to a PTE. */
export interface Feature {
  /** The first release that has it. */
  readonly since: string;
  /** `UFFD_FEATURE_WP_ASYNC` */
  readonly kernel: string;
}

/** What a program asks userfaultfd() and UFFDIO_API for. */
export type FeatureName =
  | "event-fork"
  | "event-remap"
  | "event-remove"
  | "event-unmap"
  | "sigbus"
  | "user-mode-only"
  | "wp-unpopulated"
  | "wp-async"
  | "rwp-async";

/** The features by name. `wp-async` includes `wp-unpopulated`, as in the kernel. */
export const FEATURES: Readonly<Record<FeatureName, Feature>> = deepFreeze({
  "event-fork": { since: "4.11", kernel: "UFFD_FEATURE_EVENT_FORK" },
  "event-remap": { since: "4.11", kernel: "UFFD_FEATURE_EVENT_REMAP" },
  "event-remove": { since: "4.11", kernel: "UFFD_FEATURE_EVENT_REMOVE" },
  "event-unmap": { since: "4.11", kernel: "UFFD_FEATURE_EVENT_UNMAP" },
  sigbus: { since: "4.14", kernel: "UFFD_FEATURE_SIGBUS" },
  "user-mode-only": { since: "5.11", kernel: "UFFD_USER_MODE_ONLY" },
  "wp-unpopulated": { since: "6.4", kernel: "UFFD_FEATURE_WP_UNPOPULATED" },
  "wp-async": { since: "6.7", kernel: "UFFD_FEATURE_WP_ASYNC" },
  "rwp-async": { since: "7.3", kernel: "UFFD_FEATURE_RWP_ASYNC" },
});

/** What user space sees of an event. */
export type Sight =
  | "nothing"
  | "uffd-wp message"
  | "uffd-rwp message"
  | "uffd-missing message"
  | "uffd-minor message"
  | "remap message"
  | "fork message"
  | "remove message"
  | "unmap message"
  | "SIGBUS"
  | "SIGSEGV"
  | "retry"
  | "wait, then retry"
  | "EEXIST"
  | "EFAULT"
  | "EAGAIN"
  | "EBUSY"
  | "EINVAL"
  | "EIO"
  | "ENOENT"
  | "ENOMEM"
  | "EPERM"
  | "ERESTARTNOINTR, again and again"
  | "faults without end"
  | "SCAN_PTE_UFFD_WP"
  | "page table kept"
  | "PAGE_IS_WRITTEN"
  | "page not written";

/** What each sight means. */
export const SIGHTS: Readonly<Record<Sight, string>> = deepFreeze({
  nothing: "the access or call succeeds",
  "uffd-wp message": "UFFD_EVENT_PAGEFAULT with UFFD_PAGEFAULT_FLAG_WP; the thread waits",
  "uffd-rwp message": "UFFD_EVENT_PAGEFAULT with UFFD_PAGEFAULT_FLAG_RWP; the thread waits",
  "uffd-missing message": "UFFD_EVENT_PAGEFAULT; the thread waits",
  "uffd-minor message":
    "UFFD_EVENT_PAGEFAULT with UFFD_PAGEFAULT_FLAG_MINOR: the file has the page; the thread waits",
  "remap message": "UFFD_EVENT_REMAP",
  "fork message": "UFFD_EVENT_FORK",
  "remove message": "UFFD_EVENT_REMOVE",
  "unmap message": "UFFD_EVENT_UNMAP",
  SIGBUS: "the thread gets SIGBUS",
  SIGSEGV: "the thread gets SIGSEGV",
  retry: "the access is tried again, now on the new PTE",
  "wait, then retry": "the thread waits until the migration ends, and tries again",
  EEXIST: "the ioctl fails with EEXIST",
  EFAULT: "the call fails with EFAULT",
  EAGAIN: "the ioctl fails with EAGAIN",
  EBUSY: "the ioctl fails with EBUSY",
  EINVAL: "the call fails with EINVAL",
  EIO: "the ioctl fails with EIO",
  ENOENT: "the ioctl fails with ENOENT",
  ENOMEM: "the ioctl fails with ENOMEM",
  EPERM: "the call fails with EPERM",
  "ERESTARTNOINTR, again and again": "madvise() restarts itself until a signal kills the thread",
  "faults without end": "the access faults again and again, until a signal ends it",
  SCAN_PTE_UFFD_WP: "khugepaged leaves the range alone",
  "page table kept": "khugepaged leaves the page table of that VMA alone",
  PAGE_IS_WRITTEN: "PAGEMAP_SCAN reports the page as written",
  "page not written": "PAGEMAP_SCAN does not report the page as written",
});
