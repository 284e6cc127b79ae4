import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const VALID = "_PAGE_VALID: hardware refills the TLB from the PTE, and reads it";
const GLOBAL =
  "_PAGE_GLOBAL, which two pages share in one TLB entry: hardware reads it; pte_none() ignores it";
const GLOBAL_AND_VALID = `${GLOBAL}; ${VALID}`;
const PROT_NONE = "by it PAGE_NONE, which is not pte_present(), differs from a swap PTE";
const NONE_1 = equals(0xffff_ffbfn, 0n);
const NONE_2 = equals(0xffff_fffen, 0n);
const SWAPON = `Linux kernel commit af94002bda1d ("csky: Fixup swapon") (in v5.12)`;
const LOOKS_SWAPPED =
  "likely a bug: PAGE_NONE has no _PAGE_PRESENT, the one bit that pte_present() reads, so that a PROT_NONE page's PTE reads as a swap entry";
const EXCLUSIVE = `Linux kernel commit 41e0d49104db ("csky/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "csky 6.3 abiv1",
    since: "6.3",
    when: ["CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <---------------- offset -----------------> E t 0 0 <type-> 0 0
    fields: [
      swpOffset(31, 10),
      exclusive(9),
      swpType(8, 8, 4),
      zeros(7, 6, GLOBAL_AND_VALID),
      swpType(5, 2),
      zeros(1, 1, `_PAGE_READ: ${PROT_NONE}`),
      zeros(0, 0, PRESENT),
    ],
    present: differs(0x1n, 0n),
    none: NONE_1,
    note: LOOKS_SWAPPED,
    citation: EXCLUSIVE,
  },
  {
    id: "csky 6.3 abiv2",
    since: "6.3",
    when: ["!CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> 0 0 o E < type -> 0 0
    fields: [
      swpOffset(31, 11, 1),
      zeros(10, 10, PRESENT),
      zeros(9, 9, `_PAGE_WRITE: ${PROT_NONE}`),
      swpOffset(8, 8),
      exclusive(7),
      swpType(6, 2),
      zeros(1, 0, GLOBAL_AND_VALID),
    ],
    present: differs(0x400n, 0n),
    none: NONE_2,
    note: LOOKS_SWAPPED,
    citation: EXCLUSIVE,
  },
  {
    id: "csky 5.12 abiv1",
    since: "5.12",
    when: ["CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <----------------- offset ------------------> t 0 0 <type-> 0 0
    fields: [
      swpOffset(31, 9),
      swpType(8, 8, 4),
      zeros(7, 6, GLOBAL_AND_VALID),
      swpType(5, 2),
      zeros(1, 1, `_PAGE_READ: ${PROT_NONE}`),
      zeros(0, 0, PRESENT),
    ],
    present: differs(0x1n, 0n),
    none: NONE_1,
    note: LOOKS_SWAPPED,
    citation: `${SWAPON}; as of Linux v6.1 read, not executed`,
  },
  {
    id: "csky 5.12 abiv2",
    since: "5.12",
    when: ["!CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> 0 0 o o < type -> 0 0
    fields: [
      swpOffset(31, 11, 2),
      zeros(10, 10, PRESENT),
      zeros(9, 9, `_PAGE_WRITE: ${PROT_NONE}`),
      swpOffset(8, 7),
      swpType(6, 2),
      zeros(1, 0, GLOBAL_AND_VALID),
    ],
    present: differs(0x400n, 0n),
    none: NONE_2,
    note: LOOKS_SWAPPED,
    citation: `${SWAPON}; as of Linux v6.1 read, not executed`,
  },
  {
    id: "csky 5.0 abiv1",
    since: "5.0",
    when: ["CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> <--- type ----> X X X 0
    fields: [swpOffset(31, 12), unmasked(swpType(11, 4)), spare(3, 1), zeros(0, 0, PRESENT)],
    present: differs(0x1n, 0n),
    none: NONE_1,
    note: "a bug of these kernels: bits 2 and 3 of the type are _PAGE_GLOBAL, which pte_none() ignores (type 4 with offset 0 is none), and _PAGE_VALID; hardware reads both when it refills the TLB",
    citation: "See __swp_entry() in arch/csky/include/asm/pgtable.h (as of Linux v5.0 and v5.10)",
  },
  {
    id: "csky 4.20 abiv1",
    since: "4.20",
    when: ["CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> <--- type ----> X X X 0
    fields: [swpOffset(31, 12), unmasked(swpType(11, 4)), spare(3, 1), zeros(0, 0, PRESENT)],
    present: differs(0x1n, 0n),
    none: NONE_2,
    note: "a bug of these kernels: bits 2 and 3 of the type are _PAGE_GLOBAL, and _PAGE_VALID; hardware reads both when it refills the TLB",
    citation: "See __swp_entry() in arch/csky/include/asm/pgtable.h (as of Linux v4.20)",
  },
  {
    id: "csky 4.20 abiv2",
    since: "4.20",
    when: ["!CONFIG_CPU_CK610"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> <--- type ----> X X 0 0
    fields: [swpOffset(31, 12), unmasked(swpType(11, 4)), spare(3, 2), zeros(1, 0, GLOBAL_AND_VALID)],
    present: differs(0x400n, 0n),
    none: NONE_2,
    note: "bit 6 of the type would be _PAGE_PRESENT; a swp_entry_t has six bits of type, the kernel uses five",
    citation: "See __swp_entry() in arch/csky/include/asm/pgtable.h (as of Linux v5.0 and v5.10)",
  },
];
