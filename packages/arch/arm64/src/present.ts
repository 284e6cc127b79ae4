import type { PresentField, PresentLayout, PresentReads, UserPage } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, presentUffdWp, sharedWithProtNone, software } from "@ptekit/core";

const MANUAL = "that hardware ignores bit 63 is from the Arm manual and PTE_SWBITS_MASK";

// From bit 9 down: with LPA2 in use, bits 9:8 hold two bits of the address.
const attributes: readonly PresentField[] = [
  mmu(7, 7, "PTE_RDONLY"),
  mmu(6, 6, "PTE_USER"),
  mmu(5, 5, "NS"),
  mmu(4, 2, "PTE_ATTRINDX_MASK"),
  mmu(1, 1, "PTE_TYPE_MASK, upper bit"),
  mmu(0, 0, "PTE_VALID"),
];

const upper = (
  bit57: PresentField,
  bit58: PresentField,
  bit51: PresentField = mmu(51, 51, "PTE_WRITE"),
): PresentField[] => [
  free(63, 63),
  mmu(62, 60, "PTE_PO_IDX_MASK"),
  mmu(59, 59, "PBHA or AttrIndx[3]"),
  bit58,
  bit57,
  software(56, "PTE_SPECIAL"),
  software(55, "PTE_DIRTY"),
  mmu(54, 54, "PTE_UXN"),
  mmu(53, 53, "PTE_PXN"),
  mmu(52, 52, "PTE_CONT"),
  bit51,
  mmu(50, 50, "PTE_GP"),
];

const UFFD_WP = presentUffdWp(58, "PTE_UFFD_WP", "CONFIG_HAVE_ARCH_USERFAULTFD_WP");
const DEVMAP = software(57, "PTE_DEVMAP");
// PTE_PROT_NONE is tested only where PTE_VALID is clear.
const PROT_NONE = software(58, "PTE_PROT_NONE");

// PTE_PRESENT_INVALID, where PTE_VALID is clear, since 6.10.
const NG = sharedWithProtNone(mmu(11, 11, "PTE_NG"), "PTE_PRESENT_INVALID");

/** The address of a page: which bits hold the PFN, by page size and width of a physical address. */
const shared: readonly PresentField[] = [NG, mmu(10, 10, "PTE_AF"), mmu(9, 8, "PTE_SHARED")];
const page4k: readonly PresentField[] = [mmu(49, 48, "reserved"), pfn(47, 12), ...shared];
const page16k: readonly PresentField[] = [
  mmu(49, 48, "reserved"),
  pfn(47, 14),
  mmu(13, 12, "reserved"),
  ...shared,
];
const page64k: readonly PresentField[] = [
  mmu(49, 48, "reserved"),
  pfn(47, 16),
  mmu(15, 12, "reserved"),
  ...shared,
];
const page64k52: readonly PresentField[] = [mmu(49, 48, "reserved"), pfn(47, 16), pfn(15, 12, 32), ...shared];
const lpa2 = [NG, mmu(10, 10, "PTE_AF")] as const;
const page4kLpa2: readonly PresentField[] = [pfn(49, 12), ...lpa2, pfn(9, 8, 38)];
const page16kLpa2: readonly PresentField[] = [pfn(49, 14), mmu(13, 12, "reserved"), ...lpa2, pfn(9, 8, 36)];

/** PAGE_READONLY, a dirty PAGE_SHARED, that one after pte_wrprotect(), and both after pte_modify() to PAGE_NONE. */
const user: UserPage = {
  read: 0x0060_0000_0000_0fc3n,
  write: 0x00e8_0000_0000_0f43n,
  protected: 0x00e0_0000_0000_0fc3n,
  clean: 0x0068_0000_0000_0fc3n,
  none: 0x00e0_0000_0000_0f82n,
  noneRead: 0x0060_0000_0000_0f82n,
  huge: 0x2n,
  citation: "See _PAGE_SHARED in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.12)",
};

/** PAGE_NONE with PTE_PROT_NONE in bit 58. */
const protNone58: UserPage = {
  ...user,
  none: 0x04e0_0000_0000_0f82n,
  noneRead: 0x0460_0000_0000_0f82n,
  citation: "See PAGE_NONE in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.1)",
};

/** PAGE_NONE, and MT_NORMAL of index 4. */
const normal4: UserPage = {
  read: protNone58.read | 0x10n,
  write: protNone58.write | 0x10n,
  protected: protNone58.protected | 0x10n,
  clean: 0x0068_0000_0000_0fd3n,
  none: protNone58.none | 0x10n,
  noneRead: protNone58.noneRead | 0x10n,
  huge: 0x2n,
  citation: "See PAGE_NONE in arch/arm64/include/asm/pgtable-prot.h (as of Linux v5.2)",
};

/** PTE_WRITE in bit 57; a PAGE_NONE without PTE_RDONLY. */
const write57: UserPage = {
  ...normal4,
  write: 0x02e0_0000_0000_0f53n,
  clean: 0x0260_0000_0000_0fd3n,
  none: 0x04e0_0000_0000_0f12n,
  noneRead: 0x0460_0000_0000_0f12n,
  citation: "See PAGE_NONE in arch/arm64/include/asm/pgtable.h (as of Linux v4.2)",
};

/** With LPA2 in use, PTE_SHARED gives its bits to the address. */
const withoutShared = (page: UserPage): UserPage => ({
  ...page,
  read: page.read & ~0x300n,
  write: page.write & ~0x300n,
  protected: page.protected & ~0x300n,
  ...(page.clean !== undefined && { clean: page.clean & ~0x300n }),
  none: page.none & ~0x300n,
  noneRead: page.noneRead & ~0x300n,
});

const WRITE = 1n << 51n;
/** pte_dirty(): PTE_DIRTY, or writable and not PTE_RDONLY. */
const reads: PresentReads = {
  write: differs(WRITE, 0n),
  dirty: [...differs(1n << 55n, 0n), ...equals(WRITE | 0x80n, WRITE)],
  young: differs(0x400n, 0n),
  special: differs(1n << 56n, 0n),
  // PTE_PRESENT_INVALID is PTE_NG, without PTE_VALID; PTE_UXN is set and PTE_USER is not.
  protNone: equals((1n << 54n) | 0x841n, (1n << 54n) | 0x800n),
};
const readsBit58: PresentReads = { ...reads, protNone: equals((1n << 58n) | 1n, 1n << 58n) };

const WRITE_57 = 1n << 57n;
/** pte_dirty() of a PTE_WRITE that is not the MMU's is PTE_DIRTY alone. */
const readsWrite57: PresentReads = {
  ...readsBit58,
  write: differs(WRITE_57, 0n),
  dirty: differs(1n << 55n, 0n),
};

/** PTE_USER, PTE_PXN, PTE_UXN, PTE_RDONLY, PTE_VALID, PTE_WRITE, PTE_GP and PTE_ATTRINDX_MASK. */
const DROPS = (1n << 54n) | (1n << 53n) | WRITE | (1n << 50n) | 0xddn;
/** PTE_USER, PTE_PXN, PTE_UXN, PTE_RDONLY, PTE_PROT_NONE and PTE_VALID; PTE_WRITE beside them. */
const DROPS_BEFORE = (1n << 58n) | (1n << 54n) | (1n << 53n) | 0xc1n;
const PO_IDX = 7n << 60n;
const PRESENT_INVALID = 0x800n;

interface Address {
  readonly when: readonly string[];
  readonly rows: readonly PresentField[];
}

/** The first that fits decides. */
const addresses: readonly Address[] = [
  { when: ["lpa2", "CONFIG_ARM64_16K_PAGES"], rows: page16kLpa2 },
  { when: ["lpa2"], rows: page4kLpa2 },
  { when: ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"], rows: page64k52 },
  { when: ["CONFIG_ARM64_64K_PAGES"], rows: page64k },
  { when: ["CONFIG_ARM64_16K_PAGES"], rows: page16k },
  { when: [], rows: page4k },
];

const layoutsSince = (
  since: string,
  top: readonly PresentField[],
  page: UserPage,
  told: { readonly reads: PresentReads; readonly drops: bigint },
  citation: string,
  uncertain: string,
): PresentLayout[] =>
  addresses.map(({ when, rows }) => ({
    since,
    when,
    fields: [...top, ...rows, ...attributes],
    reads: told.reads,
    modify: { drops: told.drops },
    user: when.includes("lpa2") ? withoutShared(page) : page,
    uncertain,
    citation,
  }));

/** Newest first. */
export const present: readonly PresentLayout[] = [
  ...layoutsSince(
    "6.17",
    upper(free(57, 57), UFFD_WP),
    user,
    { reads, drops: DROPS | PO_IDX | PRESENT_INVALID },
    "See PTE_UFFD_WP in arch/arm64/include/asm/pgtable-prot.h (as of Linux v7.2)",
    `${MANUAL}; PTE_DEVMAP went between the headers of v6.12 and v7.2`,
  ),
  ...layoutsSince(
    "6.10",
    upper(DEVMAP, UFFD_WP),
    user,
    { reads, drops: DROPS | PO_IDX | PRESENT_INVALID },
    "See PTE_UFFD_WP in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.12)",
    MANUAL,
  ),
  ...layoutsSince(
    "5.3",
    upper(DEVMAP, PROT_NONE),
    protNone58,
    { reads: readsBit58, drops: DROPS | (1n << 58n) },
    "See PTE_DEVMAP in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.1)",
    MANUAL,
  ),
  ...layoutsSince(
    "4.3",
    upper(free(57, 57), PROT_NONE),
    normal4,
    { reads: readsBit58, drops: DROPS_BEFORE | WRITE },
    "See PTE_WRITE in arch/arm64/include/asm/pgtable-prot.h (as of Linux v5.2)",
    `${MANUAL}; PTE_WRITE went from bit 57 to bit 51 between the headers of v4.2 and v4.4, from memory in v4.3`,
  ),
  ...layoutsSince(
    "4.0",
    upper(software(57, "PTE_WRITE"), PROT_NONE, mmu(51, 51, "reserved")),
    write57,
    { reads: readsWrite57, drops: DROPS_BEFORE | WRITE_57 },
    "See PTE_WRITE in arch/arm64/include/asm/pgtable.h (as of Linux v4.2)",
    MANUAL,
  ),
];
