import type { ArchData } from "../data/arch.ts";
import type { Layout } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import { ageCitationOf, swpTypeShiftCitationOf } from "../data/swp-entry.ts";
import { firstThatFits } from "./conditions.ts";
import type { Settings } from "./settings.ts";

/** Where it is written what a kernel decides beside its layout: the swp_entry_t, the limits, and the symbols of its bits. */
export function citationsFor(
  arch: ArchData,
  settings: Settings,
  layout: Layout,
  present: PresentLayout | null,
): string[] {
  const { release } = settings;
  const rows = [arch.pageShift, arch.physBits, arch.maxSwapfilePages ?? [], arch.typeChecks ?? []];
  // What a setting leaves out of a layout has become a spare row, without a condition.
  const conditions = [...layout.fields, ...(present?.fields ?? [])].flatMap(({ when }) => when);
  return [
    // What maps a huge page differs from a PTE in some rows only, and cites those.
    present?.citation,
    swpTypeShiftCitationOf(release),
    ageCitationOf(release),
    ...rows.map((row) => firstThatFits(arch, settings, row)?.citation),
    ...[...arch.symbols, ...(arch.cpus ?? [])]
      .filter(({ name }) => conditions.includes(name))
      .map(({ citation }) => citation),
  ].filter((citation) => citation !== undefined);
}
