import { deepFreeze } from "@ptekit/core";
/** One rule of the kernel about uffd-wp PTEs. */
export interface Rule {
  readonly number: number;
  readonly title: string;
  /** `pagemap`: modelled by `pagemapOf`, not by a transition. */
  readonly modelled: "yes" | "in part" | "pagemap" | "no";
  /** What is left out, and why. */
  readonly note?: string;
}

/** The rules, by the numbers that the transitions carry. */
export const RULES: readonly Rule[] = deepFreeze([
  {
    number: 1,
    title: "a mapped page is write-protected: the bit is set, the write bit goes",
    modelled: "yes",
  },
  {
    number: 2,
    title:
      "an empty PTE of a file's memory, or of anonymous memory with WP_UNPOPULATED, becomes the special PTE",
    modelled: "yes",
  },
  {
    number: 3,
    title:
      "swap, migration and device entries get the swap PTE's bit; writable ones are made readable first; a hwpoison entry gets the bit too",
    modelled: "yes",
  },
  { number: 4, title: "poison and guard markers stay as they are", modelled: "yes" },
  {
    number: 5,
    title: "a huge PMD of a file is split before it is write-protected",
    modelled: "in part",
    note: "a huge PMD of anonymous memory is followed (thp): its protection, its split, its migration; shmem is never mapped by one in the guests (transparent_hugepage=never for it), and is split before anything is set",
  },
  { number: 6, title: "un-protecting the special PTE empties it", modelled: "yes" },
  { number: 7, title: "un-protecting a page or an entry clears its bit", modelled: "yes" },
  { number: 8, title: "reclaim of a write-protected page of a file leaves the special PTE", modelled: "yes" },
  {
    number: 9,
    title: "reclaim of an anonymous page keeps exclusive, soft-dirty and uffd-wp in the swap PTE",
    modelled: "yes",
    note: "a clean page of MADV_FREE's is dropped without a swap entry, its protection with it",
  },
  {
    number: 10,
    title: "migration keeps the bit on both ways; a fault waits",
    modelled: "in part",
    note: "young and dirty are followed as far as the words hold them; a page that migration maps back old is shown young",
  },
  {
    number: 11,
    title: "zapping memory of a file without ZAP_FLAG_DROP_MARKER leaves the special PTE",
    modelled: "yes",
  },
  { number: 12, title: "zapping anonymous memory drops everything but guards", modelled: "yes" },
  {
    number: 13,
    title:
      "zapping under the folio lock (truncation and holes that find the page mapped again) drops markers, guards too",
    modelled: "yes",
  },
  { number: 14, title: "munmap and exit drop everything", modelled: "yes" },
  {
    number: 15,
    title: "truncation of hugetlbfs drops markers, a hole keeps them",
    modelled: "yes",
  },
  {
    number: 16,
    title: "guards are installed and removed by madvise; an ordinary zap keeps them",
    modelled: "yes",
  },
  {
    number: 17,
    title: "poison and hwpoison go where private copies go as well (even_cows): not with a hole in the file",
    modelled: "yes",
  },
  {
    number: 18,
    title: "a fault on the special PTE maps the page write-protected; a write then traps",
    modelled: "yes",
  },
  { number: 19, title: "a fault on a special PTE that was left behind empties it", modelled: "yes" },
  {
    number: 20,
    title: "a fault on poison, guard, or an empty or unknown marker: SIGBUS, SIGSEGV, SIGBUS",
    modelled: "yes",
  },
  { number: 21, title: "swap-in and swapoff bring the bit back", modelled: "yes" },
  {
    number: 22,
    title: "no fault-around in VMAs registered for write-protection or minor faults",
    modelled: "no",
    note: "it is about the neighbours of a PTE; the model follows one, so it never faults around",
  },
  {
    number: 23,
    title: "fork copies the bit and the special PTE to a registered child alone, poison and guards always",
    modelled: "yes",
    note: "a pinned page is copied for the child at once: the copy carries the bit as well",
  },
  {
    number: 24,
    title: "mremap without EVENT_REMAP drops the bit and the special PTE",
    modelled: "in part",
    note: "the release is from memory, and of the stable trees only 6.1.192 and 6.12.117 were read",
  },
  {
    number: 25,
    title: "UFFDIO_COPY and CONTINUE may overwrite the special PTE, UFFDIO_ZEROPAGE only in memory of a file",
    modelled: "in part",
    note: "large folios, which UFFDIO_CONTINUE maps page by page, are left out",
  },
  { number: 26, title: "UFFDIO_POISON takes an empty PTE alone", modelled: "yes" },
  {
    number: 27,
    title: "UFFDIO_MOVE takes exclusive pages and exclusive swap entries",
    modelled: "in part",
    note: "large folios, which make it fail with EBUSY or are split, are left out",
  },
  {
    number: 28,
    title: "khugepaged refuses ranges with uffd-wp, and keeps the page tables of registered files",
    modelled: "in part",
    note: "only the refusals: collapsing a range is not the life of one PTE",
  },
  {
    number: 29,
    title:
      "unregistering clears every bit and special PTE since 6.0, closing the userfaultfd since 6.9; before, both leave them behind",
    modelled: "yes",
  },
  {
    number: 30,
    title: "PAGEMAP_SCAN with WP_MATCHING protects what is not protected; entries get the bit in place",
    modelled: "yes",
  },
  {
    number: 31,
    title: "pagemap shows uffd-wp for the bit and for the special PTE, and markers as swapped",
    modelled: "pagemap",
    note: "bits 56 and 61 come from the page, not from the PTE",
  },
  {
    number: 32,
    title: "hugetlb does the same with its own functions",
    modelled: "in part",
    note: "where hugetlb differs there are rows for it, for private mappings too; pages that run out, and the reservations of a private mapping, are left out",
  },
  {
    number: 33,
    title: "KSM replaces a write-protected page by one of its own, without the bit and without a message",
    modelled: "yes",
    note: "the page that becomes KSM's keeps the bit; the model follows one that is merged with it",
  },
  {
    number: 34,
    title:
      "UFFDIO_RWPROTECT (7.3) sets the same bit and takes every access away; it has no special PTE, so it goes with the page of a file",
    modelled: "yes",
  },
  {
    number: 35,
    title:
      "batches of PTEs of a large folio (change_present_ptes(), zap_present_ptes(), move_ptes(), set_ptes()) are done to as one",
    modelled: "yes",
    note: "one PTE stands for them: folio_pte_batch() ends a batch where the uffd bit differs, which it never ignores, and where write or soft-dirty do, where those decide; what it merges is young and dirty",
  },
]);
