import type { ArchBackend, Capacity } from "@ptekit/core";
import { bytesText, capacityOf, shortHex, sizeText } from "@ptekit/core";

/** What a kernel has room for. */
export const capacityAt = ({ layout, types, kernel }: ArchBackend): Capacity =>
  capacityOf(layout, types, kernel);

export const pageBytes = (backend: ArchBackend): bigint => 1n << BigInt(backend.kernel.pageShift);

/** The limits in sentences. */
export function limitLines(backend: ArchBackend): string[] {
  const { swapFiles, layoutBytes, maxBytes, maxPhysicalAddress, migrationAd } = capacityAt(backend);
  const page = pageBytes(backend);
  const size = (bytes: bigint): string =>
    `${sizeText(bytes, page)} (${bytes} bytes, ${bytes / page} pages of ${bytesText(page)})`;
  const ages = migrationAd === null ? "before 6.1 there are none" : migrationAd ? "kept" : "not kept";
  return [
    `swap files: ${swapFiles} (MAX_SWAPFILES)`,
    `largest swap file the layout holds: ${size(layoutBytes)}`,
    `largest swap file the kernel allows: ${maxBytes === layoutBytes ? "the same" : `${size(maxBytes)}: ${reasonOf(backend)}`}`,
    `highest address a migration or device entry can name: ${shortHex(maxPhysicalAddress)}`,
    `young and dirty of a migrating page: ${ages}`,
  ];
}

// See read_swap_header() in mm/swapfile.c (as of Linux v6.12)
const reasonOf = ({ kernel }: ArchBackend): string =>
  kernel.maxSwapfilePages < 1n << 32n
    ? "arch_max_swapfile_size() allows no more"
    : "read_swap_header() counts pages in 32 bits";
