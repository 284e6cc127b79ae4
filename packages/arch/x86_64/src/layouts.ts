import type { Layout, LayoutException, PmdLayout } from "@ptekit/core";
import {
  differs,
  equals,
  exclusive,
  hardware,
  inverted,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";
import { l1tf, l1tf44, l1tfRhel6, l1tfRhel7, rhel7Moved, rhel8UffdWp, rhel9Exclusive } from "./backports.ts";

const PRESENT = differs(0x101n, 0n);
const NONE = equals(0xffff_ffff_ffff_ff9fn, 0n);
const EXACT = equals(0xffff_ffff_ffff_ffffn, 0n);
const P = "pte_present() reads _PAGE_PRESENT";
const PROTNONE = "pte_present() reads _PAGE_PROTNONE";
const PSE = "pte_present() reads _PAGE_PROTNONE, pmd_present() reads _PAGE_PSE";
const FILE = "_PAGE_FILE: with it set, the entry is a nonlinear file mapping's and names no swap slot";
const ERRATUM =
  "A and D: by an erratum hardware may set them in an entry that is not present; pte_none() ignores them";

/** Where pte_none() is exact. */
const zeroAtTheEnd = (citation: string): LayoutException => ({ ...noneAtTheEnd, words: EXACT, citation });

/** THP migration entries, and since 6.19 those of device-private huge pages. */
const pmd: PmdLayout = {
  since: "4.14",
  when: ["CONFIG_TRANSPARENT_HUGEPAGE"],
  present: differs(0x181n, 0n),
  citation: "See pmd_present() in arch/x86/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
};

const noneAtTheEnd: LayoutException = {
  property: "what encode writes is neither none nor present",
  words: NONE,
  reason: "type 0 with the largest offset is stored as 0: the inverted offset has no bit left",
  citation: "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v6.12)",
};

// 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
// 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
// < type -> <--------------------- ~offset ----------------------
//
// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// ------------------ ~offset -----------------> 0 0 H H X E F S 0
const fields519: Layout["fields"] = [
  swpType(63, 59),
  inverted(swpOffset(58, 9)),
  zeros(8, 7, PSE),
  hardware(6, 5, ERRATUM),
  spare(4, 4),
  exclusive(3),
  uffdWp(2, "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
  softDirty(1, "CONFIG_MEM_SOFT_DIRTY"),
  zeros(0, 0, P),
];

const fields2629: Layout["fields"] = [
  swpOffset(63, 9),
  zeros(8, 8, PROTNONE),
  softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
  zeros(6, 6, FILE),
  unmasked(swpType(5, 1)),
  zeros(0, 0, P),
];

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "x86_64 7.3",
    since: "7.3",
    pteBits: 64,
    fields: fields519,
    present: PRESENT,
    none: NONE,
    pmd: { ...pmd, exceptions: [noneAtTheEnd] },
    exceptions: [noneAtTheEnd],
    note: "the uffd-wp bit is renamed and serves UFFDIO_RWPROTECT too: what it means depends on VM_UFFD_WP or VM_UFFD_RWP",
    citation: "See _PAGE_SWP_UFFD in arch/x86/include/asm/pgtable_types.h (as of Linux v7.3)",
  },
  {
    id: "x86_64 5.19",
    since: "5.19",
    backported: rhel9Exclusive,
    pteBits: 64,
    fields: fields519,
    present: PRESENT,
    none: NONE,
    pmd: { ...pmd, exceptions: [noneAtTheEnd] },
    exceptions: [noneAtTheEnd],
    citation: "See _PAGE_SWP_EXCLUSIVE in arch/x86/include/asm/pgtable_64_types.h (as of Linux v6.1)",
  },
  {
    id: "x86_64 5.7",
    since: "5.7",
    backported: rhel8UffdWp,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 0 H H X X F S 0
    fields: [
      swpType(63, 59),
      inverted(swpOffset(58, 9)),
      zeros(8, 7, PSE),
      hardware(6, 5, ERRATUM),
      spare(4, 3),
      uffdWp(2, "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
      softDirty(1, "CONFIG_MEM_SOFT_DIRTY"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    pmd: { ...pmd, exceptions: [noneAtTheEnd] },
    exceptions: [noneAtTheEnd],
    citation: `Linux kernel commit f45ec5ff16a7 ("userfaultfd: wp: support swap and page migration") (in v5.7)`,
  },
  {
    id: "x86_64 4.19",
    since: "4.19",
    backported: l1tf,
    backportName: "l1tf",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 0 H H X X X S 0
    fields: [
      swpType(63, 59),
      inverted(swpOffset(58, 9)),
      zeros(8, 7, PSE),
      hardware(6, 5, ERRATUM),
      spare(4, 2),
      softDirty(1, "CONFIG_MEM_SOFT_DIRTY"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    pmd: { ...pmd, exceptions: [noneAtTheEnd] },
    exceptions: [noneAtTheEnd],
    citation: `Linux kernel commit 2f22b4cd45b6 ("x86/speculation/l1tf: Protect swap entries against L1TF") (in v4.19)`,
  },
  {
    id: "x86_64 4.14",
    since: "4.14",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------- offset -------------> < type -> 0 0 H H X X X S 0
    fields: [
      swpOffset(63, 14),
      unmasked(swpType(13, 9)),
      zeros(8, 7, PSE),
      hardware(6, 5, ERRATUM),
      spare(4, 2),
      softDirty(1, "CONFIG_MEM_SOFT_DIRTY"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    pmd,
    citation: `Linux kernel commit eee4818baac0 ("mm: x86: move _PAGE_SWP_SOFT_DIRTY from bit 7 to bit 1") (in v4.14)`,
  },
  {
    id: "x86_64 4.8",
    since: "4.8",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------- offset -------------> < type -> 0 S H H X X X X 0
    fields: [
      swpOffset(63, 14),
      unmasked(swpType(13, 9)),
      zeros(8, 8, PROTNONE),
      softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
      hardware(6, 5, ERRATUM),
      spare(4, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    citation: `Linux kernel commit 00839ee3b299 ("x86/mm: Move swap offset/type up in PTE to work around erratum") (in v4.8)`,
  },
  {
    id: "x86_64 4.4.148",
    since: "4.4.148",
    onlyIn: l1tf44,
    backportName: "l1tf",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 0 H H X X X S 0
    fields: [
      swpType(63, 59),
      inverted(swpOffset(58, 9)),
      zeros(8, 7, PSE),
      hardware(6, 5, "A and D: by an erratum hardware may set them in an entry that is not present"),
      spare(4, 2),
      softDirty(1, "CONFIG_MEM_SOFT_DIRTY"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    exceptions: [
      zeroAtTheEnd("See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v4.4.155)"),
    ],
    note: "L1TF came without the change of pte_none() that ignores A and D",
    citation: "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v4.4.155)",
  },
  {
    id: "x86_64 4.0",
    since: "4.0",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ offset ------------------> 0 S H < type -> 0
    fields: [
      swpOffset(63, 9),
      zeros(8, 8, PROTNONE),
      softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
      hardware(6, 6, "D: by an erratum hardware may set it in an entry that is not present"),
      unmasked(swpType(5, 1)),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    note: "by the same erratum hardware may set bit 5, inside the type: 4.8 moved the fields for it",
    citation: "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v4.4)",
  },
  {
    id: "x86_64 3.16 NUMA",
    since: "3.16",
    when: ["CONFIG_NUMA_BALANCING"],
    pteBits: 64,
    fields: [
      swpOffset(63, 10),
      zeros(9, 9, "pte_present() reads _PAGE_NUMA"),
      zeros(8, 8, PROTNONE),
      softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
      zeros(6, 6, FILE),
      unmasked(swpType(5, 1)),
      zeros(0, 0, P),
    ],
    present: differs(0x301n, 0n),
    none: EXACT,
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation:
      "See SWP_OFFSET_SHIFT in arch/x86/include/asm/pgtable_64.h (as of Linux v3.16 and v3.19): v3.15 is without it",
  },
  {
    id: "x86_64 3.16",
    since: "3.16",
    when: ["!CONFIG_NUMA_BALANCING"],
    pteBits: 64,
    fields: fields2629,
    present: PRESENT,
    none: EXACT,
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation: "See SWP_OFFSET_SHIFT in arch/x86/include/asm/pgtable_64.h (as of Linux v3.16)",
  },
  {
    id: "x86_64 3.10.0-862.11.6.el7",
    since: "3.10",
    onlyIn: l1tfRhel7,
    backportName: "l1tf",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 S H H 0 X X X 0
    fields: [
      swpType(63, 59),
      inverted(swpOffset(58, 9)),
      zeros(8, 8, PROTNONE),
      softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
      hardware(6, 5, ERRATUM),
      zeros(4, 4, FILE),
      spare(3, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    exceptions: [
      {
        ...noneAtTheEnd,
        citation: "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v3.10.0-1160.el7)",
      },
    ],
    note: "an entry with bit 4 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation:
      "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v3.10.0-1062.el7 and v3.10.0-1160.el7)",
  },
  {
    id: "x86_64 3.10.0-514.el7",
    since: "3.10",
    onlyIn: rhel7Moved,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------ offset ------------> X < type -> 0 S H H 0 X X X 0
    fields: [
      swpOffset(63, 15),
      spare(14, 14, "SWP_OFFSET_FIRST_BIT is one too high"),
      unmasked(swpType(13, 9)),
      zeros(8, 8, PROTNONE),
      softDirty(7, "CONFIG_MEM_SOFT_DIRTY"),
      hardware(6, 5, ERRATUM),
      zeros(4, 4, FILE),
      spare(3, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    note: "an entry with bit 4 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation:
      "See SWP_OFFSET_FIRST_BIT in arch/x86/include/asm/pgtable_64.h (as of Linux v3.10.0-514.el7 and v3.10.0-693.21.1.el7)",
  },
  {
    id: "x86_64 2.6.32-754.3.5.el6",
    since: "2.6.32",
    onlyIn: l1tfRhel6,
    backportName: "l1tf",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 X 0 X X X X X 0
    fields: [
      swpType(63, 59),
      inverted(swpOffset(58, 9)),
      zeros(8, 8, PROTNONE),
      spare(7, 7, "the header draws it as 0"),
      zeros(6, 6, FILE),
      spare(5, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    exceptions: [
      zeroAtTheEnd(
        "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v2.6.32-754.35.1.el6)",
      ),
    ],
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation: "See __swp_entry() in arch/x86/include/asm/pgtable_64.h (as of Linux v2.6.32-754.35.1.el6)",
  },
  {
    id: "x86_64 2.6.29",
    since: "2.6.29",
    pteBits: 64,
    fields: fields2629,
    present: PRESENT,
    none: EXACT,
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation: "See pte_file() in arch/x86/include/asm/pgtable.h (as of Linux v3.2)",
  },
  {
    id: "x86_64 2.6.12",
    since: "2.6.12",
    pteBits: 64,
    fields: [
      swpOffset(63, 8),
      zeros(7, 7, "pte_present() reads _PAGE_PROTNONE"),
      swpType(6, 1),
      zeros(0, 0, P),
    ],
    present: differs(0x81n, 0n),
    none: EXACT,
    note: "bit 6 of the type is _PAGE_FILE, but no type sets it: there are 32",
    citation: "See __swp_type() in include/asm-x86_64/pgtable.h (as of Linux v2.6.13); read, not executed",
  },
];
