import type { Layout, PmdLayout } from "@ptekit/core";
import {
  differs,
  equals,
  exclusive,
  onlyWith,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";

const NONE = equals(0xffff_ffff_ffff_ffffn, 0n);
const VALID = "pte_present() reads PTE_VALID; the header asks for 0 in bit 1 too";
const PROT_NONE = "pte_present() reads PTE_PROT_NONE";
const HUGE = "pmd_present() reads PMD_PRESENT_INVALID, and PMD swap entries share the layout";

// The page size does not change the layout. Neither type nor offset is masked on encode: an offset that is too wide
// sets PTE_PROT_NONE and makes the entry present (6.10 and later: it sets bit 62).

// 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
// 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
// X X <------------------------ offset --------------------------
//
// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// --------------- offset ---------------> 0 < type -> X X F E 0 0
const fields610: Layout["fields"] = [
  spare(63, 62),
  unmasked(swpOffset(61, 12)),
  zeros(11, 11, "pte_present() reads PTE_PRESENT_INVALID"),
  unmasked(swpType(10, 6)),
  spare(5, 4),
  uffdWp(3, "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
  exclusive(2),
  zeros(1, 0, VALID),
];

/** THP migration entries, and since 6.19 those of device-private huge pages. */
const pmd: PmdLayout = {
  since: "5.10",
  when: ["CONFIG_TRANSPARENT_HUGEPAGE"],
  present: differs(0x801n, 0n),
  citation: "See pmd_present() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12 and v7.3)",
};
/** A huge page that is being split had a bit of its own. */
const pmdBefore: PmdLayout = {
  ...pmd,
  present: differs(0x0c00_0000_0000_0001n, 0n),
  citation: "See PMD_PRESENT_INVALID in arch/arm64/include/asm/pgtable-prot.h (as of Linux v5.10 and v6.1)",
};

const FILE = "PTE_FILE: with it set, the entry is a nonlinear file mapping's and names no swap slot";

/** Newest first. Before 4.0, nonlinear file PTEs were another kind of entry that is not present. */
export const layouts: readonly Layout[] = [
  {
    id: "arm64 7.3",
    since: "7.3",
    pteBits: 64,
    fields: fields610,
    present: differs(0x801n, 0n),
    none: NONE,
    pmd,
    note: "the uffd-wp bit is renamed and serves UFFDIO_RWPROTECT too: what it means depends on VM_UFFD_WP or VM_UFFD_RWP",
    citation: "See PTE_UFFD in arch/arm64/include/asm/pgtable-prot.h (as of Linux v7.3)",
  },
  {
    id: "arm64 6.10",
    since: "6.10",
    pteBits: 64,
    fields: fields610,
    present: differs(0x801n, 0n),
    none: NONE,
    pmd,
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12)",
  },
  {
    id: "arm64 5.19",
    since: "5.19",
    backported: [
      // Build 162.23.1 is without it, 284.11.1 has it.
      { release: "5.14.0-284", vendor: "el9" },
      {
        release: "5.14.0-179",
        vendor: "el9",
        uncertain:
          "the exclusive bit came to RHEL 9 between 5.14.0-162.23.1 and -284.11.1; that it was -179, as the swap types, is likely",
      },
    ],
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // X X X X 0 0 <-------------------- offset ----------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------- offset -------------------> < type -> E 0 0
    fields: [
      spare(63, 60),
      onlyWith(zeros(59, 59, HUGE), "CONFIG_TRANSPARENT_HUGEPAGE"),
      zeros(58, 58, PROT_NONE),
      unmasked(swpOffset(57, 8)),
      unmasked(swpType(7, 3)),
      exclusive(2),
      zeros(1, 0, VALID),
    ],
    present: differs(0x0400_0000_0000_0001n, 0n),
    none: NONE,
    pmd: pmdBefore,
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v6.1)",
  },
  {
    id: "arm64 5.10",
    since: "5.10",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // X X X X 0 0 <-------------------- offset ----------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------- offset -------------------> <- type --> 0 0
    fields: [
      spare(63, 60),
      onlyWith(zeros(59, 59, HUGE), "CONFIG_TRANSPARENT_HUGEPAGE"),
      zeros(58, 58, PROT_NONE),
      unmasked(swpOffset(57, 8)),
      unmasked(swpType(7, 2)),
      zeros(1, 0, VALID),
    ],
    present: differs(0x0400_0000_0000_0001n, 0n),
    none: NONE,
    pmd: pmdBefore,
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v5.10)",
  },
  {
    id: "arm64 4.0",
    since: "4.0",
    pteBits: 64,
    fields: [
      spare(63, 59),
      zeros(58, 58, PROT_NONE),
      unmasked(swpOffset(57, 8)),
      unmasked(swpType(7, 2)),
      zeros(1, 0, VALID),
    ],
    present: differs(0x0400_0000_0000_0001n, 0n),
    none: NONE,
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v4.4)",
  },
  {
    id: "arm64 3.13",
    since: "3.13",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // X X X X X 0 <-------------------- offset ----------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ offset ------------------> <- type --> 0 0 0
    fields: [
      spare(63, 59),
      zeros(58, 58, PROT_NONE),
      unmasked(swpOffset(57, 9)),
      unmasked(swpType(8, 3)),
      zeros(2, 2, FILE),
      zeros(1, 0, VALID),
    ],
    present: differs(0x0400_0000_0000_0001n, 0n),
    none: NONE,
    uncertain: "PTE_PROT_NONE moved to bit 58 between the headers of v3.10 and v3.16, from memory in v3.13",
    note: "an entry with bit 2 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v3.16 and v3.19)",
  },
  {
    id: "arm64 3.10",
    since: "3.10",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <-------------------------- offset ----------------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ offset ------------------> <- type --> 0 0 0
    fields: [
      swpOffset(63, 9),
      unmasked(swpType(8, 3)),
      zeros(2, 2, FILE),
      zeros(1, 0, "pte_present() reads PTE_VALID and PTE_PROT_NONE"),
    ],
    present: differs(0x3n, 0n),
    none: NONE,
    note: "an entry with bit 2 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation: "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v3.10.0-693.21.1.el7)",
  },
];
