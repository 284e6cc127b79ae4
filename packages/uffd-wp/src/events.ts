import { deepFreeze } from "@ptekit/core";
/** Something that happens to a PTE. */
export interface EventData {
  /** What happens, in the kernel's words. */
  readonly title: string;
  /** The first release in which it can happen. Default: always. */
  readonly since?: string;
  /** What it needs to happen at all: the end of the sentence that refuses it. */
  readonly needs: string;
  /** What the argument after `=` is; absent where it takes none. */
  readonly takes?: "pfn" | "slot";
}

/** The name of an event, as sequences write it. */
export type EventName =
  | "register"
  | "register-missing"
  | "register-minor"
  | "register-rwp"
  | "unregister"
  | "close"
  | "write-protect"
  | "un-protect"
  | "rwprotect"
  | "un-rwprotect"
  | "set-rwp-async"
  | "clear-rwp-async"
  | "read"
  | "write"
  | "kernel-read"
  | "kernel-write"
  | "pin"
  | "split"
  | "reclaim"
  | "swapoff"
  | "swapoff-error"
  | "migrate-start"
  | "migrate-end"
  | "to-device"
  | "hwpoison"
  | "dontneed"
  | "madv-free"
  | "ksm"
  | "punch-hole"
  | "truncate"
  | "zap-locked"
  | "munmap"
  | "fork"
  | "fork-child"
  | "mremap"
  | "mremap-dontunmap"
  | "mprotect-none"
  | "mprotect-read"
  | "mprotect-write"
  | "mseal"
  | "clear-soft-dirty"
  | "copy"
  | "copy-wp"
  | "continue"
  | "continue-wp"
  | "zeropage"
  | "poison"
  | "move"
  | "move-onto"
  | "guard-install"
  | "guard-remove"
  | "khugepaged"
  | "scan";

/** The events that take the page frame that is mapped: `write=0x9682`. */
export type PfnEventName =
  | "read"
  | "write"
  | "kernel-read"
  | "kernel-write"
  | "swapoff"
  | "swapoff-error"
  | "migrate-end"
  | "to-device"
  | "pin"
  | "ksm"
  | "fork-child"
  | "mremap"
  | "mremap-dontunmap"
  | "copy"
  | "copy-wp"
  | "continue"
  | "continue-wp"
  | "zeropage"
  | "move-onto";

/** The event that takes a swap slot, its type and offset: `reclaim=0:0x1a0`. */
export type SlotEventName = "reclaim";

/** An event as sequences write it: its name, and what it is about where it takes something. */
export type EventText = EventName | `${PfnEventName}=${string}` | `${SlotEventName}=${string}`;

const uffd = "it needs a VMA that is registered with userfaultfd, of a kind that the ioctl serves";
const mapped = "it needs a mapped page";

/** Every event, by the name that sequences use. */
export const EVENTS: Readonly<Record<EventName, EventData>> = deepFreeze({
  register: {
    title: "UFFDIO_REGISTER with UFFDIO_REGISTER_MODE_WP",
    since: "5.7",
    needs:
      "anonymous VMAs can be registered for write-protection since 5.7, shmem and hugetlb since 5.19, other files since 6.7 and with wp-async",
  },
  "register-missing": {
    title: "UFFDIO_REGISTER with UFFDIO_REGISTER_MODE_MISSING",
    since: "4.3",
    needs: "it needs an anonymous, shmem or hugetlb VMA",
  },
  "register-minor": {
    title: "UFFDIO_REGISTER with UFFDIO_REGISTER_MODE_MINOR",
    since: "5.13",
    needs: "it needs a shmem or hugetlb VMA",
  },
  "register-rwp": {
    title: "UFFDIO_REGISTER with UFFDIO_REGISTER_MODE_RWP",
    since: "7.3",
    needs: "it needs an anonymous, shmem or hugetlb VMA, and CONFIG_USERFAULTFD_RWP",
  },
  unregister: { title: "UFFDIO_UNREGISTER", since: "4.3", needs: "the VMA is not registered" },
  close: { title: "the userfaultfd is closed", since: "4.3", needs: "the VMA is not registered" },
  "write-protect": {
    title: "UFFDIO_WRITEPROTECT with UFFDIO_WRITEPROTECT_MODE_WP",
    since: "5.7",
    needs: "it needs a VMA that is registered for write-protection",
  },
  "un-protect": {
    title: "UFFDIO_WRITEPROTECT without UFFDIO_WRITEPROTECT_MODE_WP",
    since: "5.7",
    needs: "it needs a VMA that is registered for write-protection",
  },
  rwprotect: {
    title: "UFFDIO_RWPROTECT with UFFDIO_RWPROTECT_MODE_RWP",
    since: "7.3",
    needs: "it needs a VMA that is registered for read-write-protection",
  },
  "un-rwprotect": {
    title: "UFFDIO_RWPROTECT without UFFDIO_RWPROTECT_MODE_RWP",
    since: "7.3",
    needs: "it needs a VMA that is registered for read-write-protection",
  },
  "set-rwp-async": {
    title: "UFFDIO_SET_MODE enables UFFD_FEATURE_RWP_ASYNC",
    since: "7.3",
    needs: "it needs CONFIG_USERFAULTFD_RWP",
  },
  "clear-rwp-async": {
    title: "UFFDIO_SET_MODE disables UFFD_FEATURE_RWP_ASYNC",
    since: "7.3",
    needs: "it needs CONFIG_USERFAULTFD_RWP",
  },
  read: { title: "a thread reads", needs: "the VMA is gone", takes: "pfn" },
  write: { title: "a thread writes", needs: "the VMA is gone", takes: "pfn" },
  "kernel-read": { title: "a system call reads it", needs: "the VMA is gone", takes: "pfn" },
  "kernel-write": { title: "a system call writes it", needs: "the VMA is gone", takes: "pfn" },
  pin: {
    title: "a driver pins the page for writing, for long (FOLL_LONGTERM)",
    since: "5.10",
    needs: "the model follows pins of anonymous memory",
    takes: "pfn",
  },
  split: {
    title: "the huge PMD is split, followed to the first of its PTEs",
    since: "4.5",
    needs: "it needs a present huge PMD",
  },
  reclaim: {
    title: "reclaim unmaps the page",
    needs: "it needs a mapped page that can be reclaimed: not the zero page, not a hugetlb page",
    takes: "slot",
  },
  swapoff: { title: "swapoff reads the page back", needs: "it needs a swap entry", takes: "pfn" },
  "swapoff-error": {
    title: "swapoff cannot read the page",
    since: "5.19",
    needs: "it needs a swap entry",
    takes: "pfn",
  },
  "migrate-start": {
    title: "migration takes the page away",
    needs: "it needs a mapped page that is not the zero page, and not pinned",
  },
  "migrate-end": {
    title: "migration maps the new page",
    needs: "it needs a migration entry",
    takes: "pfn",
  },
  "to-device": {
    title: "the page moves to device memory",
    since: "4.14",
    needs: "it needs a mapped anonymous page, and CONFIG_DEVICE_PRIVATE",
    takes: "pfn",
  },
  hwpoison: { title: "the memory of the page fails", needs: `${mapped} other than the zero page` },
  dontneed: {
    title: "MADV_DONTNEED",
    needs: "hugetlb takes MADV_DONTNEED since 5.18",
  },
  "madv-free": {
    title: "MADV_FREE",
    since: "4.5",
    needs: "it is for anonymous memory",
  },
  ksm: {
    title: "ksmd merges the page with an equal one",
    needs: "it needs a mapped anonymous page that is neither the zero page nor pinned, and CONFIG_KSM",
    takes: "pfn",
  },
  "punch-hole": { title: "FALLOC_FL_PUNCH_HOLE in the file", needs: "anonymous memory has no file" },
  truncate: { title: "the file is truncated below the page", needs: "anonymous memory has no file" },
  "zap-locked": {
    title: "truncation or a hole finds the page mapped again, and unmaps it under the folio lock",
    needs: "it needs a page of shmem or of a file, mapped here or elsewhere",
  },
  munmap: { title: "munmap() or exit", needs: "the VMA is gone" },
  fork: { title: "fork(), followed in the parent", needs: "the VMA is gone" },
  "fork-child": { title: "fork(), followed in the child", needs: "the VMA is gone", takes: "pfn" },
  mremap: {
    title: "mremap() moves the page, followed to its new address",
    needs: "the VMA is gone",
    takes: "pfn",
  },
  "mremap-dontunmap": {
    title:
      "mremap() with MREMAP_DONTUNMAP moves the page, followed to its new address; the old one stays mapped",
    since: "5.7",
    needs: "the VMA is gone",
    takes: "pfn",
  },
  "mprotect-none": { title: "mprotect(PROT_NONE)", needs: "the VMA is PROT_NONE already" },
  "mprotect-read": { title: "mprotect(PROT_READ)", needs: "the VMA is read-only already" },
  "mprotect-write": { title: "mprotect(PROT_READ | PROT_WRITE)", needs: "the VMA is writable already" },
  mseal: { title: "mseal()", since: "6.10", needs: "the VMA is gone" },
  "clear-soft-dirty": {
    title: "4 written to /proc/PID/clear_refs",
    since: "3.11",
    needs: "this kernel and configuration keep no soft-dirty bit, or hugetlb keeps none",
  },
  copy: { title: "UFFDIO_COPY", since: "4.3", needs: uffd, takes: "pfn" },
  "copy-wp": {
    title: "UFFDIO_COPY with UFFDIO_COPY_MODE_WP",
    since: "5.7",
    needs: "it needs a VMA that is registered for write-protection",
    takes: "pfn",
  },
  continue: { title: "UFFDIO_CONTINUE", since: "5.13", needs: uffd, takes: "pfn" },
  "continue-wp": {
    title: "UFFDIO_CONTINUE with UFFDIO_CONTINUE_MODE_WP",
    since: "6.4",
    needs: "it needs a shmem or hugetlb VMA that is registered for write-protection",
    takes: "pfn",
  },
  zeropage: { title: "UFFDIO_ZEROPAGE", since: "4.3", needs: uffd, takes: "pfn" },
  poison: { title: "UFFDIO_POISON", since: "6.6", needs: uffd },
  move: {
    title: "UFFDIO_MOVE takes the page away, followed to its new address",
    since: "6.8",
    needs: "it needs an anonymous VMA that is registered with userfaultfd",
  },
  "move-onto": {
    title: "UFFDIO_MOVE brings a page here",
    since: "6.8",
    needs: "it needs an anonymous VMA that is registered with userfaultfd",
    takes: "pfn",
  },
  "guard-install": {
    title: "MADV_GUARD_INSTALL",
    since: "6.13",
    needs: "before 6.15 it needs anonymous memory",
  },
  "guard-remove": {
    title: "MADV_GUARD_REMOVE",
    since: "6.13",
    needs: "before 6.15 it needs anonymous memory",
  },
  khugepaged: {
    title: "khugepaged looks at the PTE",
    needs: "it looks at page tables of anonymous and file memory, not of hugetlb",
  },
  scan: {
    title: "PAGEMAP_SCAN with PM_SCAN_WP_MATCHING",
    since: "6.7",
    needs: "it needs a VMA that is registered for write-protection with wp-async",
  },
});

/** The names, in the order of the tables. */
export const EVENT_NAMES: readonly EventName[] = deepFreeze(Object.keys(EVENTS) as EventName[]);
