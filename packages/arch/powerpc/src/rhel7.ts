import type { Backport, Field, Layout } from "@ptekit/core";
import { differs, equals, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const HPTEFLAGS = "_PAGE_HPTEFLAGS, the hash code's own, which pte_none() and pte_same() ignore";

/** The headers of builds 514 and 1160 are alike; older ones were not read. */
const builds: readonly Backport[] = [{ release: "3.10.0-514", vendor: "el7" }];

/** Red Hat moved the type one bit up: bit 4 is _PAGE_NUMA. */
const low: readonly Field[] = [
  unmasked(swpType(9, 5)),
  zeros(4, 4, "pte_present() reads _PAGE_NUMA, where the kernel balances NUMA nodes, as Red Hat's do"),
  spare(3, 2),
  zeros(1, 1, "_PAGE_FILE: with it set, the entry is a nonlinear file mapping's and names no swap slot"),
  zeros(0, 0, "pte_present() reads _PAGE_PRESENT"),
];

const rhel7 = (name: string, when: string, above: readonly Field[], hpteFlags: bigint): Layout => ({
  id: `powerpc 3.10.0-514.el7 hash ${name}`,
  since: "3.10",
  onlyIn: builds,
  when: ["CONFIG_PPC64", "CONFIG_PPC_BOOK3S_64", when],
  pteBits: 64,
  fields: [...above, ...low],
  present: differs(0x11n, 0n),
  none: equals(ALL ^ hpteFlags, 0n),
  note: "an entry with bit 1 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
  citation: `See __swp_entry() in arch/powerpc/include/asm/pgtable-ppc64.h (as of Linux v3.10.0-514.el7 and v3.10.0-1160.el7); PTE_RPN_SHIFT and _PAGE_HPTEFLAGS stand in pte-hash64-${name.toLowerCase()}.h`,
});

/** RHEL 7, which knows no radix: whatever the CPU, it is hash. */
export const layoutsRhel7: readonly Layout[] = [
  rhel7(
    "4K",
    "!CONFIG_PPC_64K_PAGES",
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ---------- offset ----------> X 0 0 0 0 0 0 < type -> 0 X X 0 0
    [swpOffset(63, 17), spare(16, 16, "_PAGE_SPECIAL of a present PTE"), zeros(15, 10, HPTEFLAGS)],
    0xfc00n,
  ),
  rhel7(
    "64K",
    "CONFIG_PPC_64K_PAGES",
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // o o X 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 X < type -> 0 X X 0 0
    [
      swpOffset(63, 30),
      spare(29, 29, "_PAGE_4K_PFN of a present PTE"),
      zeros(28, 11, HPTEFLAGS),
      spare(10, 10, "_PAGE_SPECIAL of a present PTE"),
    ],
    0x1fff_f800n,
  ),
];
