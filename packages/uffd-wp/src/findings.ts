import { deepFreeze } from "@ptekit/core";

/** A place where a kernel loses a protection, or never ends a fault or a call; each was seen on running kernels. */
export interface Finding {
  /** What a report to linux-mm would say. */
  readonly sentence: string;
  /** The releases in which it was seen, and what is known of others. */
  readonly releases: string;
  /** The beginning of `why` of the sequences in the life files that show it. */
  readonly proof: string;
  /** The releases whose life file shows it. */
  readonly shownBy: readonly string[];
  readonly citation: string;
}

/** What the life files show of the kernel, the gravest first. */
export const FINDINGS: readonly Finding[] = deepFreeze([
  {
    sentence:
      "KSM merges a page that userfaultfd has write-protected, maps its own page without the uffd-wp bit, and the next write goes through without a message: a snapshot taken by write-protection misses it.",
    releases: "6.1, 6.12, 7.2, 7.3",
    proof: "D1: KSM drops",
    shownBy: ["6.1", "6.12", "7.2", "7.3"],
    citation: "See replace_page() in mm/ksm.c (as of Linux v7.2)",
  },
  {
    sentence:
      "KSM merges a page that UFFDIO_RWPROTECT has protected as well, and maps its own page with access: a read that was to send a message goes through.",
    releases: "7.3",
    proof: "KSM drops the protection: a read",
    shownBy: ["7.3"],
    citation: "See replace_page() in mm/ksm.c (as of Linux v7.3)",
  },
  {
    sentence:
      "MADV_DONTNEED, or a hole, on hugetlb memory that is registered with UFFDIO_REGISTER_MODE_RWP and protected leaves a uffd-wp marker, which the next fault maps with the bit and with access: a read sends no message, and a write faults without end.",
    releases:
      "7.3-rc7 (Debian's 7.3-amd64); the source of 7.3.4 asks userfaultfd_wp() before it leaves a marker",
    proof: "7.3-rc7 leaves a uffd-wp marker",
    shownBy: ["7.3"],
    citation: "See __unmap_hugepage_range() in mm/hugetlb.c (as of Linux v7.2)",
  },
  {
    sentence:
      "MADV_GUARD_INSTALL over a write-protected page of shmem, or over the uffd-wp marker, never returns: zapping leaves the marker, the walk finds the PTE not empty, and madvise() restarts with ERESTARTNOINTR until a signal kills the thread.",
    releases: "7.2, 7.3; by the source since 6.15",
    proof: "MADV_GUARD_INSTALL over a write-protected page of shmem",
    shownBy: ["7.2", "7.3"],
    citation: "See madvise_guard_install() in mm/madvise.c (as of Linux v7.2)",
  },
  {
    sentence:
      "MADV_GUARD_INSTALL over a poison marker whose uffd-wp bit PAGEMAP_SCAN has set never returns either: zapping turns the poison into the uffd-wp marker.",
    releases: "7.2, 7.3; by the source since 6.15",
    proof: "A8:",
    shownBy: ["7.2", "7.3"],
    citation: "See zap_install_uffd_wp_if_needed() in mm/memory.c (as of Linux v7.2)",
  },
  {
    sentence:
      "MADV_GUARD_INSTALL over a write-protected swap entry of a private mapping of shmem never returns for the same reason.",
    releases: "7.2, 7.3",
    proof: "private: MADV_GUARD_INSTALL over a protected swap entry",
    shownBy: ["7.2", "7.3"],
    citation: "See madvise_guard_install() in mm/madvise.c (as of Linux v7.2)",
  },
  {
    sentence:
      "Truncating the page cache of a block device (BLKZEROOUT, BLKDISCARD) drops the guard markers of every mapping of a page that is mapped anywhere: unmap_mapping_folio() walks with ZAP_FLAG_DROP_MARKER, and what was guarded can be read.",
    releases: "7.2, 7.3",
    proof: "truncating a block device's page cache drops the guard",
    shownBy: ["7.2", "7.3"],
    citation: "See unmap_mapping_folio() in mm/memory.c (as of Linux v7.2)",
  },
  {
    sentence:
      "A uffd-wp marker of hugetlb memory that stays behind when the registration goes is mapped with the bit by the next fault, and a write to it then faults for ever: hugetlb_wp() returns 0 for a uffd-wp PTE whatever the VMA says.",
    releases:
      "6.1, by mremap() and by closing the userfaultfd; later kernels leave none behind, and 7.3 asks the VMA",
    proof: "A5:",
    shownBy: ["6.1"],
    citation: "See hugetlb_wp() in mm/hugetlb.c (as of Linux v6.1)",
  },
  {
    sentence:
      "A system call that writes to such a page (kernel-write) faults without end in the kernel, where no signal is looked for: not even SIGKILL ends it, so the guest of the life files leaves it out.",
    releases: "6.1, tried by hand",
    proof: "A5:",
    shownBy: ["6.1"],
    citation: "See hugetlb_wp() in mm/hugetlb.c (as of Linux v6.1)",
  },
  {
    sentence:
      "fork() copies the uffd-wp bit of private hugetlb memory to a child that is not registered, and a write of the child faults without end.",
    releases: "6.1; 6.12 clears it",
    proof: "before 6.4 the bit of private hugetlb memory was left behind",
    shownBy: ["6.1"],
    citation: "See copy_hugetlb_page_range() in mm/hugetlb.c (as of Linux v6.1)",
  },
  {
    sentence:
      "Since uffd_wp_range() relies on vm_page_prot, un-protecting a page of shmem or hugetlb leaves it read-only, and the next write takes a fault that earlier kernels did not need: vma_wants_manual_pte_write_upgrade() asks vma_wants_writenotify(), which answers false because the write bit is already out of vm_page_prot.",
    releases: "6.12, 7.2, 7.3; by the source since 6.3; not in 6.1",
    proof: "B1: shmem stays read-only after un-protect",
    shownBy: ["6.12", "7.2", "7.3"],
    citation: "See vma_wants_writenotify() in mm/vma.c (as of Linux v6.12)",
  },
  {
    sentence:
      "PAGEMAP_SCAN with PM_SCAN_WP_MATCHING neither reports nor arms an empty PTE of hugetlb memory, as it does everywhere else: the first write to such a page is reported by the next scan, and traps nowhere.",
    releases: "6.12, 7.2, 7.3",
    proof: "A4: PAGEMAP_SCAN neither reports nor arms",
    shownBy: ["6.12", "7.2", "7.3"],
    citation: "See pagemap_hugetlb_category() in fs/proc/task_mmu.c (as of Linux v7.2)",
  },
  {
    sentence:
      "Closing the userfaultfd leaves the uffd-wp bit in the page tables: a later registration traps writes that nobody protected.",
    releases: "5.10, 6.1; mended in 6.9 (c88033efe9a3)",
    proof: "A2: closing the userfaultfd left",
    shownBy: ["5.10", "6.1"],
    citation: "See userfaultfd_release() in fs/userfaultfd.c (as of Linux v6.1)",
  },
  {
    sentence: "swapoff loses the uffd-wp bit of the pages that it reads back.",
    releases: "5.10; mended in 5.19 (14a762dd1977)",
    proof: "before 5.19 swapoff lost the bit",
    shownBy: ["5.10"],
    citation: "See unuse_pte() in mm/swapfile.c (as of Linux v5.10)",
  },
  {
    sentence: "Migration of a write-protected huge page loses the bit: the PMD migration entry has none.",
    releases: "5.10; 6.1 keeps it",
    proof: "a huge PMD's migration",
    shownBy: ["5.10"],
    citation: "See set_pmd_migration_entry() in mm/huge_memory.c (as of Linux v5.10)",
  },
]);
