import type { PresentField, PresentLayout, PresentReads } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, pfnAbove, presentSoftDirty, software } from "@ptekit/core";

const H = "arch/powerpc/include/asm/book3s/64/pgtable.h";
const SERVER = ["CONFIG_PPC64", "CONFIG_PPC_BOOK3S_64"];

/** Bits 60:12, and 6, by the way to translate and the page size. */
interface Translation {
  readonly when: readonly string[];
  readonly middle: readonly PresentField[];
  readonly busy: PresentField;
  readonly maybe?: PresentLayout["maybe"];
}

const keys = (high: number, bits: readonly number[]): PresentField[] =>
  bits.map((bit, i) => mmu(high - i, high - i, `_RPAGE_PKEY_BIT${bit}`));
const rsv = mmu(6, 6, "_RPAGE_RSV1");
const busy = software(6, "H_PAGE_BUSY");
const wideRpn = mmu(55, 53, "_RPAGE_RPN43, _RPAGE_RPN42, _RPAGE_RPN41");
const PAGES_4K = "!CONFIG_PPC_64K_PAGES";
const PAGES_64K = "CONFIG_PPC_64K_PAGES";
const RADIX = [...SERVER, "CONFIG_PPC_RADIX_MMU", "radix"];
const HASH = [...SERVER, "hash"];

const translations: readonly Translation[] = [
  {
    when: [...RADIX, PAGES_4K],
    middle: [...keys(60, [4, 3, 2, 1, 0]), wideRpn, pfnAbove(52, 12)],
    busy: rsv,
  },
  {
    when: [...RADIX, PAGES_64K],
    middle: [...keys(60, [4, 3, 2, 1, 0]), wideRpn, pfnAbove(52, 12)],
    busy: rsv,
  },
  {
    when: [...HASH, PAGES_4K],
    middle: [
      software(60, "H_PAGE_HASHPTE"),
      ...keys(59, [3, 2, 1]),
      software(56, "H_PAGE_F_SECOND"),
      mmu(55, 53, "H_PAGE_F_GIX"),
      pfnAbove(52, 12),
    ],
    busy,
  },
  {
    when: [...HASH, PAGES_64K],
    middle: [
      ...keys(60, [4, 3, 2, 1, 0]),
      software(55, "H_PAGE_HASHPTE"),
      mmu(54, 53, "_RPAGE_RPN42, _RPAGE_RPN41"),
      pfn(52, 16),
      mmu(15, 14, "reserved"),
      software(13, "H_PAGE_4K_PFN"),
      software(12, "H_PAGE_COMBO"),
    ],
    busy,
    maybe: [
      {
        high: 54,
        low: 53,
        condition: "no address above _PAGE_PA_MAX: the hash code does not hand the PTE to hardware",
      },
    ],
  },
];

const HPTEFLAGS = { [PAGES_4K]: 0x11e0_0000_0000_0040n, [PAGES_64K]: 0x0080_0000_0000_1040n };
/** _PAGE_DIRTY | _PAGE_ACCESSED | _PAGE_SPECIAL | _PAGE_PTE | _PAGE_SOFT_DIRTY */
const KEPT = 0x4000_0000_0000_0780n;

const at = (
  since: string,
  sw1: PresentField,
  keptSw1: bigint,
  write: PresentReads["write"],
  uncertain: string,
  citation: string,
): PresentLayout[] =>
  translations.map(({ when, middle, busy: bit6, maybe = [] }) => ({
    since,
    when,
    fields: [
      mmu(63, 63, "_PAGE_PRESENT"),
      mmu(62, 62, "_PAGE_PTE"),
      software(61, "_PAGE_INVALID"),
      ...middle,
      sw1,
      software(10, "_PAGE_SPECIAL"),
      presentSoftDirty(9, "_PAGE_SOFT_DIRTY", "CONFIG_MEM_SOFT_DIRTY"),
      mmu(8, 8, "_PAGE_ACCESSED"),
      mmu(7, 7, "_PAGE_DIRTY"),
      bit6,
      mmu(5, 4, "_PAGE_TOLERANT"),
      mmu(3, 3, "_PAGE_PRIVILEGED"),
      mmu(2, 2, "_PAGE_READ"),
      mmu(1, 1, "_PAGE_WRITE"),
      mmu(0, 0, "_PAGE_EXEC"),
    ],
    reads: {
      write,
      dirty: differs(0x80n, 0n),
      young: differs(0x100n, 0n),
      special: differs(0x400n, 0n),
      protNone: equals(0xc000_0000_0000_0007n, 0xc000_0000_0000_0000n),
    },
    modify: { keeps: KEPT | keptSw1 | (HPTEFLAGS[when.includes(PAGES_64K) ? PAGES_64K : PAGES_4K] ?? 0n) },
    maybe: [
      { high: 61, low: 61, condition: "beside _PAGE_PRESENT: _PAGE_INVALID is written without it alone" },
      ...maybe,
    ],
    uncertain,
    citation,
  }));

const WRITE = differs(0x2n, 0n);
/** pte_savedwrite(): no access at all, and not _PAGE_PRIVILEGED, which every other page without access has. */
const SAVED_WRITE = equals(0xfn, 0n);

/** Newest first. */
export const presentBook3s64: readonly PresentLayout[] = [
  ...at(
    "6.17",
    free(11, 11, "_RPAGE_SW1"),
    0n,
    WRITE,
    "_PAGE_DEVMAP went between the headers of v6.12 and v7.2",
    `See _RPAGE_SW1 in ${H} (as of Linux v7.3)`,
  ),
  ...at(
    "6.3",
    software(11, "_PAGE_DEVMAP"),
    0x800n,
    WRITE,
    "pte_savedwrite() went between the headers of v6.1 and v6.12, from memory in v6.3",
    `See _PAGE_DEVMAP in ${H} (as of Linux v6.12)`,
  ),
  ...at(
    "5.10",
    software(11, "_PAGE_DEVMAP"),
    0x800n,
    [...WRITE, ...SAVED_WRITE],
    "before v5.10 the header was not read",
    `See pte_savedwrite() in ${H} (as of Linux v5.10 and v6.1)`,
  ),
];
