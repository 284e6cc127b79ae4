import type { Layout, PmdLayout } from "@ptekit/core";
import {
  decodeOnly,
  differs,
  either,
  equals,
  exclusive,
  ones,
  softDirty,
  spare,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const PRESENT = differs(0x1n, 0n);
const EMPTY = 0x400n;
const NONE = equals(ALL, EMPTY);
const P = zeros(0, 0, "pte_present() reads _PAGE_PRESENT");
const IP = ones(
  10,
  9,
  "_PAGE_INVALID, which hardware reads, and _PAGE_PROTECT: together they mark a swap PTE",
);
const SOFT_DIRTY = softDirty(1, "CONFIG_MEM_SOFT_DIRTY");
const SPECIFICATION =
  "the header asks for 0, since hardware would raise a specification exception (v5.19 takes it back: not in an invalid entry)";

// The header counts bits from the top: its bit 52 is bit 11 here.

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// --------------- offset ---------------> E 1 1 X X < type -> S 0
const fields519: Layout["fields"] = [
  swpOffset(63, 12),
  exclusive(11),
  IP,
  spare(8, 7, "the header's X; bit 7 is _PAGE_UNUSED in a present PTE"),
  swpType(6, 2),
  SOFT_DIRTY,
  P,
];

const pmd: PmdLayout = {
  when: ["CONFIG_TRANSPARENT_HUGEPAGE"],
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --------------- offset ---------------> X < type -> 1 1 0 0 S 0
  fields: [
    swpOffset(63, 12),
    spare(11, 11, "the header's X"),
    swpType(10, 6),
    ones(
      5,
      4,
      "_SEGMENT_ENTRY_INVALID, which hardware reads, and _RST_ENTRY_COMM: together they mark a swap entry",
    ),
    zeros(3, 2, "the table type: 0 is a segment table; huge pages in a region table have 1 there"),
    SOFT_DIRTY,
    zeros(0, 0, "pmd_present() reads _SEGMENT_ENTRY_PRESENT"),
  ],
  empty: 0x20n,
  present: differs(0x1n, 0n),
  none: equals(ALL, 0x20n),
  citation: "See __swp_entry_to_pmd() in arch/s390/include/asm/pgtable.h (as of Linux v6.17 and v7.2)",
};

/** Newest first. The empty PTE is not 0; a PTE of 0 names type 0, offset 0. */
export const layouts: readonly Layout[] = [
  {
    id: "s390 6.16",
    since: "6.16",
    pteBits: 64,
    fields: fields519,
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    pmd,
    uncertain:
      "THP migration came between the headers of v6.14 and v6.17, likely in v6.16; the layout of its entries (for huge pages' markers) between v6.12 and v6.14",
    citation: "See mk_swap_pte() in arch/s390/include/asm/pgtable.h (as of Linux v7.2)",
  },
  {
    id: "s390 5.19",
    since: "5.19",
    pteBits: 64,
    fields: fields519,
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    citation: "See _PAGE_SWP_EXCLUSIVE in arch/s390/include/asm/pgtable.h (as of Linux v6.1)",
  },
  {
    id: "s390 4.2",
    since: "4.2",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --------------- offset ---------------> 0 1 1 0 X < type -> S 0
    fields: [
      swpOffset(63, 12),
      zeros(11, 11, SPECIFICATION),
      IP,
      zeros(8, 8, SPECIFICATION),
      spare(7, 7, "_PAGE_UNUSED in a present PTE"),
      swpType(6, 2),
      SOFT_DIRTY,
      P,
    ],
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    citation: "See mk_swap_pte() in arch/s390/include/asm/pgtable.h (as of Linux v5.10)",
  },
  {
    id: "s390 3.10.0-514.el7",
    since: "3.10",
    onlyIn: [{ release: "3.10.0-514", vendor: "el7" }],
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --------------- offset ---------------> 0 1 0 X o < type -> 1 0
    fields: [
      swpOffset(63, 12, 1),
      zeros(11, 11, "decode reads it, and bit 7, as the offset's lowest bit"),
      ones(10, 10, "_PAGE_INVALID, which hardware reads"),
      zeros(9, 9, "pte_file() reads _PAGE_PROTECT: with it set, the entry is a nonlinear file mapping's"),
      spare(8, 8),
      swpOffset(7, 7),
      swpType(6, 2),
      ones(1, 1, "_PAGE_TYPE: it tells a swap PTE from a cleared one"),
      P,
    ],
    misreads: [
      decodeOnly(swpOffset(11, 11), "__swp_offset() reads it beside bit 7, where encode writes the bit"),
    ],
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    citation:
      "See mk_swap_pte() in arch/s390/include/asm/pgtable.h (as of Linux v3.10.0-514.el7 and v3.10.0-693.21.1.el7)",
  },
  {
    id: "s390 2.6.32-503.el6",
    since: "2.6.32",
    onlyIn: [{ release: "2.6.32-503", vendor: "el6" }],
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --------------- offset ---------------> 0 1 0 X o < type -> 1 1
    fields: [
      swpOffset(63, 12, 1),
      zeros(11, 11, "decode reads it, and bit 7, as the offset's lowest bit"),
      ones(10, 10, "_PAGE_INVALID, which hardware reads"),
      zeros(9, 9, "pte_file() reads _PAGE_RO: with it set, the entry is a nonlinear file mapping's"),
      spare(8, 8),
      swpOffset(7, 7),
      swpType(6, 2),
      ones(1, 0, "_PAGE_SWX and _PAGE_SWT: with _PAGE_INVALID they make a swap PTE (_PAGE_TYPE_SWAP)"),
    ],
    misreads: [
      decodeOnly(swpOffset(11, 11), "__swp_offset() reads it beside bit 7, where encode writes the bit"),
    ],
    empty: EMPTY,
    // _PAGE_TYPE_NONE, or neither _PAGE_INVALID nor _PAGE_SWT.
    present: either(equals(0x603n, 0x401n), equals(0x401n, 0n)),
    none: equals(0x401n, EMPTY),
    citation: "See mk_swap_pte() in arch/s390/include/asm/pgtable.h (as of Linux v2.6.32-503.el6)",
  },
];
