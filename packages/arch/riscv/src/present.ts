import type { PresentField, PresentLayout, PresentReads, UserPage } from "@ptekit/core";
import {
  differs,
  equals,
  free,
  mmu,
  pfn,
  presentSoftDirty,
  presentUffdWp,
  sharedWithProtNone,
  software,
} from "@ptekit/core";

const BITS_H = "arch/riscv/include/asm/pgtable-bits.h";

const below10 = (bit9: PresentField): PresentField[] => [
  bit9,
  software(8, "_PAGE_SPECIAL"),
  mmu(7, 7, "_PAGE_DIRTY"),
  mmu(6, 6, "_PAGE_ACCESSED"),
  sharedWithProtNone(mmu(5, 5, "_PAGE_GLOBAL"), "_PAGE_PROT_NONE"),
  mmu(4, 4, "_PAGE_USER"),
  mmu(3, 3, "_PAGE_EXEC"),
  mmu(2, 2, "_PAGE_WRITE"),
  sharedWithProtNone(mmu(1, 1, "_PAGE_READ"), "_PAGE_PROT_NONE"),
  mmu(0, 0, "_PAGE_PRESENT"),
];
const FREE9 = free(9, 9, "of _PAGE_SOFT");
const DEVMAP = software(9, "_PAGE_DEVMAP");
const reserved58 = mmu(58, 54, "reserved");

const above60: readonly PresentField[] = [mmu(63, 63, "_PAGE_NAPOT"), mmu(62, 61, "_PAGE_MTMASK_SVPBMT")];

const reads: PresentReads = {
  write: differs(0x4n, 0n),
  dirty: differs(0x80n, 0n),
  young: differs(0x40n, 0n),
  special: differs(0x100n, 0n),
  // _PAGE_PROT_NONE is _PAGE_GLOBAL, without _PAGE_PRESENT.
  protNone: equals(0x21n, 0x20n),
};
/** _PAGE_PROT_NONE was _PAGE_READ. */
const readsBefore: PresentReads = { ...reads, protNone: equals(0x3n, 0x2n) };

const modify = { drops: 0x3fn } as const;
const MTMASK =
  "with Svpbmt pte_modify() drops bits 62:61 too, with T-Head's memory types bits 63:59 (_PAGE_MTMASK)";
const SVRSW = [{ high: 60, low: 59, condition: "the CPU has Svrsw60t59b: without it they are reserved" }];
const NARROW = ["!CONFIG_64BIT"];
const MOVED = "_PAGE_PROT_NONE moved to bit 5 between the headers of v5.15 and v5.17";
const MANUALS = "that hardware reserves bits 60:54 is from the manuals";

/** PAGE_READ, a dirty PAGE_SHARED, that one after pte_wrprotect(), and both after pte_modify() to PAGE_NONE. */
const user: UserPage = {
  read: 0x53n,
  write: 0xd7n,
  protected: 0xd3n,
  clean: 0x57n,
  none: 0xe2n,
  noneRead: 0x62n,
  huge: 0n,
  citation:
    "See PAGE_NONE in arch/riscv/include/asm/pgtable.h (as of Linux v7.2); not seen in a dump, without the T-Head memory types",
};

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "6.19",
    when: ["CONFIG_64BIT", "svrsw60t59b"],
    fields: [
      ...above60,
      presentUffdWp(60, "_PAGE_UFFD_WP", "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
      presentSoftDirty(59, "_PAGE_SOFT_DIRTY", "CONFIG_MEM_SOFT_DIRTY"),
      reserved58,
      pfn(53, 10),
      ...below10(FREE9),
    ],
    reads,
    modify,
    napot: 63,
    user,
    note: MTMASK,
    citation: `See _PAGE_UFFD_WP in ${BITS_H} (as of Linux v7.2)`,
  },
  {
    since: "6.17",
    when: ["CONFIG_64BIT", "!svrsw60t59b"],
    fields: [...above60, mmu(60, 59, "reserved"), reserved58, pfn(53, 10), ...below10(FREE9)],
    reads,
    modify,
    napot: 63,
    maybe: SVRSW,
    user,
    note: MTMASK,
    uncertain: `_PAGE_DEVMAP went between the headers of v6.12 and v7.2; ${MANUALS}`,
    citation: `See _PAGE_SOFT in ${BITS_H} (as of Linux v7.3)`,
  },
  {
    since: "6.11",
    when: ["CONFIG_64BIT"],
    fields: [...above60, mmu(60, 59, "reserved"), reserved58, pfn(53, 10), ...below10(DEVMAP)],
    reads,
    modify,
    napot: 63,
    maybe: SVRSW,
    user,
    note: MTMASK,
    uncertain: `_PAGE_DEVMAP came between the headers of v6.1 and v6.12, from memory in v6.11; ${MANUALS}`,
    citation: `See _PAGE_DEVMAP in ${BITS_H} (as of Linux v6.12)`,
  },
  {
    since: "5.17",
    when: ["CONFIG_64BIT"],
    fields: [...above60, mmu(60, 59, "reserved"), reserved58, pfn(53, 10), ...below10(FREE9)],
    reads,
    modify,
    napot: 63,
    maybe: SVRSW,
    user,
    note: MTMASK,
    uncertain: `${MOVED}; ${MANUALS}; _PAGE_NAPOT came between the headers of v6.1 and v6.12`,
    citation: `See _PAGE_PROT_NONE in ${BITS_H} (as of Linux v6.1)`,
  },
  {
    since: "5.17",
    when: NARROW,
    fields: [pfn(31, 10), ...below10(FREE9)],
    reads,
    modify,
    uncertain: MOVED,
    note: "6.11 to 6.16 name bit 9 _PAGE_DEVMAP, which 32-bit kernels do not select",
    citation: `See _PAGE_SOFT in ${BITS_H} (as of Linux v7.3)`,
  },
  {
    since: "4.15",
    when: ["CONFIG_64BIT"],
    fields: [pfn(63, 10), ...below10(FREE9)],
    reads: readsBefore,
    modify,
    uncertain: MOVED,
    note: "pte_pfn() does not mask the bits above the PFN",
    citation: `See _PAGE_PROT_NONE in ${BITS_H} (as of Linux v5.10)`,
  },
  {
    since: "4.15",
    when: NARROW,
    fields: [pfn(31, 10), ...below10(FREE9)],
    reads: readsBefore,
    modify,
    uncertain: MOVED,
    citation: `See _PAGE_PROT_NONE in ${BITS_H} (as of Linux v5.10)`,
  },
];
