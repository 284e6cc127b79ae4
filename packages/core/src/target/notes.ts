import type { ArchData } from "../data/arch.ts";
import { typesWithout } from "../data/swap-types.ts";
import type { Settings } from "./settings.ts";

/**
 * Which swap types a kernel lacks for want of a symbol in its architecture's data. CONFIG_MIGRATION is of every
 * architecture with an MMU: data without it is not complete; what else is missing then may be for the same reason.
 */
export function notesFor({ name, symbols }: ArchData, { release, stated }: Settings): string[] {
  const isKnown = (symbol: string): boolean =>
    symbols.some((known) => known.name === symbol) || stated.symbols.has(symbol) || stated.whole;
  if (isKnown("CONFIG_MIGRATION")) return [];
  const missing = typesWithout(release, isKnown);
  const are = missing.symbols.length === 1 ? "is" : "are";
  return [
    `${missing.symbols.join(", ")} ${are} not among the symbols of ${name}: this kernel has no ${missing.types.join(", ")} entries`,
  ];
}
