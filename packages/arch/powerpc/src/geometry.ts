import type { AddressField, Geometry, UpperEntry } from "@ptekit/core";
import { bits, either, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const SERVER = ["CONFIG_PPC64", "CONFIG_PPC_BOOK3S_64"];
const KERNEL = 0xc000_0000_0000_0000n;

// _PAGE_PTE (bit 62) tells a page or a swap entry from a table; of those a page has _PAGE_PRESENT (63) or _PAGE_INVALID (61).
const PAGE = either(
  equals(0xc000_0000_0000_0000n, 0xc000_0000_0000_0000n),
  equals(0x6000_0000_0000_0000n, 0x6000_0000_0000_0000n),
);

const book3s64: UpperEntry = {
  bytes: 8,
  none: equals(ALL, 0n),
  table: equals(0x4000_0000_0000_0000n, 0n),
  leaf: PAGE,
  address: [bits(59, 8)],
  page: [bits(56, 12)],
};

/** A directory of huge pages, until it went with 6.12: HUGEPD_SHIFT_MASK is not 0. Its pages are not walked. */
const hash: UpperEntry = { ...book3s64, table: equals(0x4000_0000_0000_003fn, 0n) };

/** Radix's tables are big-endian whatever the kernel's byte order; of a root with 64K pages 64 KiB are in use. */
const server = (
  mmu: "radix" | "hash",
  pages: "4K" | "64K",
  pageShift: number,
  indexBits: readonly number[],
  align: number,
): Geometry => ({
  since: "5.10",
  when: [...SERVER, `CONFIG_PPC_${pages}_PAGES`, mmu],
  levels: levels(pageShift, indexBits, mmu === "hash" ? hash : book3s64),
  root: { align },
  kernelBase: KERNEL,
  citation: `See PTE_INDEX_SIZE in arch/powerpc/include/asm/book3s/64/${mmu}-${pages.toLowerCase()}.h (as of Linux v5.10, v6.12 and v7.3)`,
});

/** Tables of 32 bits: a page of PTEs, but a quarter of one on the 8xx with 16K pages and with pages of 256K. */
const narrow = (
  when: readonly string[],
  pageShift: number,
  pteBits: number,
  entry: Partial<UpperEntry>,
  header: string,
  uncertain?: string,
): Geometry => {
  const top = 32 - pageShift - pteBits;
  const { address = [bits(31, 12)], ...rest } = entry;
  return {
    since: "5.10",
    when: ["!CONFIG_PPC64", ...when],
    levels: levels(pageShift, [top, pteBits], {
      bytes: 4,
      none: equals(0xffff_ffffn, 0n),
      table: equals(0n, 0n),
      address,
      ...rest,
    }),
    // A root is as large as its entries; the user's part is that of CONFIG_TASK_SIZE=0xc0000000.
    root: { align: 4 * 2 ** top, userEntries: Math.ceil(0.75 * 2 ** top) },
    ...(uncertain === undefined ? {} : { uncertain }),
    citation: `See PGDIR_SHIFT in arch/powerpc/include/asm/${header} and PTE_SHIFT in arch/powerpc/include/asm/page_32.h (as of Linux v5.10, v6.12 and v7.3)`,
  };
};

/** BookE names tables by the kernel's virtual addresses. */
const virtual = (address: readonly AddressField[]): Partial<UpperEntry> => ({
  address,
  linear: 0xc000_0000n,
});

/** _PMD_PRESENT; a page of 8 MiB is as many equal PTEs, since 6.11, and had a directory of its own before. */
const mpc8xx: Partial<UpperEntry> = { table: equals(0x1n, 0x1n) };

const NOHASH = "nohash/32/pgtable.h";
const PAGES = {
  CONFIG_PPC_4K_PAGES: 12,
  CONFIG_PPC_16K_PAGES: 14,
  CONFIG_PPC_64K_PAGES: 16,
  CONFIG_PPC_256K_PAGES: 18,
};

/** Held against running kernels: book3s64 with radix and hash, 4K and 64K pages (6.1 and 7.2), book3s32 (7.2). */
export const geometry: readonly Geometry[] = [
  server("radix", "4K", 12, [13, 9, 9, 9], 65536),
  server("radix", "64K", 16, [13, 9, 9, 5], 65536),
  server("hash", "4K", 12, [9, 9, 7, 9], 4096),
  server("hash", "64K", 16, [8, 10, 10, 8], 2048),
  {
    since: "5.10",
    when: ["CONFIG_PPC64", "!CONFIG_PPC_BOOK3S_64"],
    // What has no bit 63 is a directory of huge pages.
    levels: levels(12, [9, 9, 7, 9], {
      bytes: 8,
      none: equals(ALL, 0n),
      table: equals(1n << 63n, 1n << 63n),
      address: [bits(59, 10)],
    }),
    root: { align: 4096 },
    kernelBase: KERNEL,
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PTE_INDEX_SIZE in arch/powerpc/include/asm/nohash/64/pgtable-4k.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  ...Object.entries(PAGES).flatMap(([pages, shift]) => [
    narrow(
      ["CONFIG_44x", pages],
      shift,
      shift - 3 - (shift === 18 ? 2 : 0),
      virtual([bits(31, shift - (shift === 18 ? 2 : 0))]),
      NOHASH,
      READ_FROM_HEADERS,
    ),
  ]),
  narrow(["CONFIG_PPC_85xx", "CONFIG_PTE_64BIT"], 12, 9, virtual([bits(31, 12)]), NOHASH, READ_FROM_HEADERS),
  narrow(["CONFIG_PPC_85xx"], 12, 10, virtual([bits(31, 12)]), NOHASH, READ_FROM_HEADERS),
  narrow(["CONFIG_PPC_8xx", "CONFIG_PPC_16K_PAGES"], 14, 8, mpc8xx, NOHASH, READ_FROM_HEADERS),
  narrow(["CONFIG_PPC_8xx"], 12, 10, mpc8xx, NOHASH, READ_FROM_HEADERS),
  narrow(["CONFIG_40x"], 12, 10, { table: equals(0x400n, 0x400n) }, NOHASH, READ_FROM_HEADERS),
  narrow([], 12, 10, {}, "book3s/32/pgtable.h"),
];
