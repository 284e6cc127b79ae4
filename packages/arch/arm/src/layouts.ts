import type { Layout } from "@ptekit/core";
import { differs, dropped, equals, exclusive, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const FAULT = "the descriptor type, 0 is a fault; pte_present() reads it";
const UPPER = "swp_entry_t is 32 bits wide; pte_none() reads them";
const EXCLUSIVE = `Linux kernel commit 20aae9eff5ac ("arm/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const BEFORE = "See __swp_entry() in arch/arm/include/asm/pgtable.h (as of Linux v6.1)";

const FILE = "L_PTE_FILE: with it set, the entry is a nonlinear file mapping's and names no swap slot";
const NONLINEAR =
  "an entry with bit 2 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap";
const BEFORE_40 =
  "See __swp_entry() in arch/arm/include/asm/pgtable.h (as of Linux v3.10.0-693.21.1.el7, v3.16 and v3.19)";

/** Newest first. Before 4.0, nonlinear file PTEs (L_PTE_FILE) were another kind of entry that is not present. */
export const layouts: readonly Layout[] = [
  {
    id: "arm 6.3",
    since: "6.3",
    when: ["!CONFIG_ARM_LPAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------ offset -------------------> E < type -> 0 0
    fields: [swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 0, FAULT)],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation: EXCLUSIVE,
  },
  {
    id: "arm 6.3 LPAE",
    since: "6.3",
    when: ["CONFIG_ARM_LPAE"],
    pteBits: 64,
    longBits: 32,
    fields: [dropped(63, 32, UPPER), swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 0, FAULT)],
    // L_PTE_PRESENT is 3, and pte_isset() tests for any of its bits.
    present: differs(0x3n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    citation: EXCLUSIVE,
  },
  {
    id: "arm 4.0",
    since: "4.0",
    when: ["!CONFIG_ARM_LPAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------- offset --------------------> < type -> 0 0
    fields: [swpOffset(31, 7), unmasked(swpType(6, 2)), zeros(1, 0, FAULT)],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation: BEFORE,
  },
  {
    id: "arm 4.0 LPAE",
    since: "4.0",
    when: ["CONFIG_ARM_LPAE"],
    pteBits: 64,
    longBits: 32,
    fields: [dropped(63, 32, UPPER), swpOffset(31, 7), unmasked(swpType(6, 2)), zeros(1, 0, FAULT)],
    present: differs(0x3n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    citation: BEFORE,
  },
  {
    id: "arm 3.10",
    since: "3.10",
    when: ["!CONFIG_ARM_LPAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------ offset -------------------> < type -> 0 0 0
    fields: [swpOffset(31, 8), unmasked(swpType(7, 3)), zeros(2, 2, FILE), zeros(1, 0, FAULT)],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    note: NONLINEAR,
    citation: BEFORE_40,
  },
  {
    id: "arm 3.10 LPAE",
    since: "3.10",
    when: ["CONFIG_ARM_LPAE"],
    pteBits: 64,
    longBits: 32,
    fields: [
      dropped(63, 32, UPPER),
      swpOffset(31, 8),
      unmasked(swpType(7, 3)),
      zeros(2, 2, FILE),
      zeros(1, 0, FAULT),
    ],
    present: differs(0x3n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    note: NONLINEAR,
    citation: BEFORE_40,
  },
];
