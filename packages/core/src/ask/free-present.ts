import type { PresentLayout } from "../data/present.ts";
import { requireLayout } from "../util/require.ts";

/** The software bits of a present PTE that the kernel does not use, lowest first. */
export function freePresentBits(present: PresentLayout): number[] {
  requireLayout(present);
  return present.fields
    .filter((row) => row.kind === "free")
    .flatMap((row) => Array.from({ length: row.high - row.low + 1 }, (_, i) => row.low + i))
    .sort((a, b) => a - b);
}
