import { ANY, see, stay, type Transition } from "../transition.ts";

const can = see("vma_can_userfault()", "include/linux/userfaultfd_k.h");

/** UFFDIO_REGISTER changes no PTE. */
export const register: readonly Transition[] = [
  { rule: 0, event: "register", moves: stay(...ANY), vma: ["anonymous"], does: "keep", citation: can },
  {
    rule: 0,
    event: "register",
    moves: stay(...ANY),
    vma: ["shmem", "hugetlb"],
    since: "5.19",
    design: "swap-type",
    does: "keep",
    citation: see("vma_can_userfault()", "include/linux/userfaultfd_k.h", "6.1"),
  },
  {
    rule: 0,
    event: "register",
    moves: stay(...ANY),
    vma: ["shmem", "hugetlb"],
    design: "bit",
    does: "keep",
    citation: `[PATCH v3 04/27] "mm/userfaultfd: Introduce special pte for unmapped file-backed mem", 27 May 2021`,
  },
  {
    rule: 0,
    event: "register",
    moves: stay(...ANY),
    vma: ["file"],
    when: ["wp-async"],
    since: "6.7",
    does: "keep",
    citation: can,
  },
  {
    rule: 0,
    event: "register-minor",
    moves: stay(...ANY),
    vma: ["hugetlb"],
    does: "keep",
    citation: can,
  },
  {
    rule: 0,
    event: "register-minor",
    moves: stay(...ANY),
    vma: ["shmem"],
    since: "5.14",
    does: "keep",
    citation: can,
  },
  {
    rule: 0,
    event: "register-missing",
    moves: stay(...ANY),
    vma: ["anonymous", "shmem", "hugetlb"],
    does: "keep",
    citation: can,
  },
];
