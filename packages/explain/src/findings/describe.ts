import type { AnyDecoded } from "@ptekit/core";
import { shortHex } from "@ptekit/core";
import type { Case, Reading } from "./case.ts";

// What several rules ask of a case, and say of it.

/** What the word reads as; null where no layout was chosen. */
export const toldOf = ({ reading }: Case): AnyDecoded | null =>
  reading === null ? null : (reading.said as AnyDecoded);

/** Whether the word is a present PTE. */
export const isPresent = ({ reading, level }: Case): boolean =>
  reading?.said.kind === "present" && level === "pte";

/** ` of pfn 0x1234`, where it is known. */
export const pfnText = (reading: Reading | null): string => {
  const pfn = (reading?.said as AnyDecoded | undefined)?.pfn ?? reading?.look?.pfn;
  return pfn === undefined ? "" : ` of pfn ${shortHex(pfn)}`;
};

/** What is to be said of PROT_NONE. */
export const protNone = (reading: Reading | null): string =>
  reading?.look?.protNone ? ", PROT_NONE (or a NUMA hint): present for the kernel, not for the hardware" : "";

/** Bits are set that no present entry has. One software bit that the kernel does not use may as well have flipped. */
export const isForeign = ({ look, candidate: { backend } }: Reading): boolean =>
  look !== null &&
  (look.stray.length > 1 ||
    look.stray.some((bit) =>
      backend.present?.fields.some((row) => row.kind !== "free" && bit <= row.high && bit >= row.low),
    ));

/** What is to be said of a single bit that nobody uses. */
export const strayText = ({ look }: Reading): string =>
  look?.stray.length === 1 ? `; bit ${look.stray[0]} is set, which the kernel does not use` : "";
