import type { PresentField, PresentLayout, PresentReads } from "@ptekit/core";
import { differs, equals, free, mmu, pfnAbove, software } from "@ptekit/core";

const PAE40 = ["CONFIG_ARC_HAS_PAE40"];
const WITHOUT_PAE = ["!CONFIG_ARC_HAS_PAE40"];
const PAE = mmu(63, 40, "reserved: the high word goes to TLBPD1HI as it is");
const OLD = "See _PAGE_CACHEABLE in arch/arc/include/asm/pgtable.h (as of Linux v5.10)";

/** MMU v3 and v4: PD0 takes bits 10:8, PD1 the PFN and bits 3:0; mm/tlbex.S masks the rest. */
const below12 = (bit11: PresentField, bit7: PresentField): PresentField[] => [
  bit11,
  mmu(10, 10, "_PAGE_HW_SZ", "CONFIG_ARC_MMU_V4"),
  mmu(9, 9, "_PAGE_PRESENT"),
  mmu(8, 8, "_PAGE_GLOBAL"),
  bit7,
  software(6, "_PAGE_SPECIAL"),
  software(5, "_PAGE_DIRTY"),
  software(4, "_PAGE_ACCESSED"),
  mmu(3, 3, "_PAGE_READ"),
  mmu(2, 2, "_PAGE_WRITE"),
  mmu(1, 1, "_PAGE_EXECUTE"),
  mmu(0, 0, "_PAGE_CACHEABLE"),
];
const masked = below12(free(11, 11), free(7, 7));
const before = below12(software(11, "_PAGE_SHARED_CODE"), software(7, "_PAGE_WTHRU", "CONFIG_ARC_MMU_V4"));

const reads: PresentReads = {
  write: differs(0x4n, 0n),
  dirty: differs(0x20n, 0n),
  young: differs(0x10n, 0n),
  special: differs(0x40n, 0n),
  protNone: equals(0xen, 0n),
};

const shared = { reads, modify: { keeps: 0x70n } } as const;

/** ARC 750. */
const oldMmu = (symbol: string): PresentLayout => ({
  since: "4.4",
  when: [symbol],
  fields: [
    pfnAbove(31, 12, free(12, 12)),
    mmu(11, 11, "reserved"),
    mmu(10, 10, "_PAGE_PRESENT"),
    mmu(9, 9, "reserved"),
    mmu(8, 8, "_PAGE_GLOBAL"),
    software(7, "_PAGE_SPECIAL"),
    software(6, "_PAGE_DIRTY"),
    mmu(5, 5, "_PAGE_READ"),
    mmu(4, 4, "_PAGE_WRITE"),
    mmu(3, 3, "_PAGE_EXECUTE"),
    mmu(2, 2, "_PAGE_CACHEABLE"),
    software(1, "_PAGE_ACCESSED"),
    mmu(0, 0, "reserved"),
  ],
  reads: {
    write: differs(0x10n, 0n),
    dirty: differs(0x40n, 0n),
    young: differs(0x2n, 0n),
    special: differs(0x80n, 0n),
    protNone: equals(0x38n, 0n),
  },
  modify: { keeps: 0xc2n },
  uncertain: "what the ARC 750 makes of bits 11, 9 and 0 is not in the header",
  citation: OLD,
});

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "5.15",
    when: WITHOUT_PAE,
    fields: [pfnAbove(31, 12, free(12, 12)), ...masked],
    ...shared,
    uncertain: "the header of its own came between v5.10 and v6.1, from memory in v5.15",
    citation:
      "See PTE_BITS_NON_RWX_IN_PD1 in arch/arc/include/asm/mmu-arcv2.h and arch/arc/include/asm/pgtable-bits-arcv2.h (as of Linux v7.3)",
  },
  {
    since: "5.15",
    when: PAE40,
    fields: [PAE, pfnAbove(39, 12, free(12, 12)), ...masked],
    ...shared,
    uncertain: "the header of its own came between v5.10 and v6.1, from memory in v5.15",
    citation: "See PAGE_MASK_PHYS in arch/arc/include/asm/page.h (as of Linux v7.3)",
  },
  oldMmu("CONFIG_ARC_MMU_V2"),
  oldMmu("CONFIG_ARC_MMU_V1"),
  {
    since: "4.4",
    when: WITHOUT_PAE,
    fields: [pfnAbove(31, 12, software(12, "_PAGE_UNUSED_BIT")), ...before],
    ...shared,
    citation: OLD,
  },
  {
    since: "4.4",
    when: PAE40,
    fields: [PAE, pfnAbove(39, 12, software(12, "_PAGE_UNUSED_BIT")), ...before],
    ...shared,
    citation: OLD,
  },
];
