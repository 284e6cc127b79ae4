// What taking a bit of the swap PTE for a flag comes to, asked of the kernel's build checks and of every property.
import { runProperties } from "@ptekit/conformance-kit";
import type { ArchBackend, Capacity, FlagName, TakenBit } from "@ptekit/core";
import {
  capacityJson,
  changes,
  checkLayout,
  createBackend,
  freePresentBits,
  hasPresentUffdWp,
  isKept,
  rowsOf,
  runsText,
  takeBit,
  withLayout,
} from "@ptekit/core";
import { fieldsJson } from "../fields.ts";
import { capacityAt } from "../limits.ts";

export const FLAGS: Readonly<Record<string, FlagName>> = {
  "uffd-wp": "uffdWp",
  "soft-dirty": "softDirty",
  exclusive: "exclusive",
};

/** What came of it. */
export interface Outcome {
  readonly bit: number;
  readonly flag: string;
  readonly from: TakenBit["from"];
  readonly made: ArchBackend;
  readonly before: Capacity;
  readonly after: Capacity;
  /** What the kernel's own build checks say, and the checks of a layout: sentences, none where all is well. */
  readonly refusedBy: readonly string[];
  /** How many properties hold, and what each of the others says first. */
  readonly holds: number;
  readonly broken: readonly { readonly property: string; readonly sentence: string }[];
  /** Properties that the kernel's own layout breaks already, in ways that it names. */
  readonly asBefore: readonly string[];
}

/**
 * What it would come to if that bit were the flag.
 *
 * @throws PtekitError where it cannot be had, with the reason.
 */
export function outcome(backend: ArchBackend, bit: number, flag: string): Outcome {
  const { layout, from } = takeBit(backend.layout, bit, FLAGS[flag] as FlagName);
  // The layout's exceptions say on which words of its own something is wrong.
  const made = createBackend(withLayout({ ...backend, assumptions: [] }, { ...layout, exceptions: [] }));
  const known = (backend.layout.exceptions ?? []).map(({ property }) => property);
  const reports = runProperties(made);
  const failing = reports.filter(({ failed }) => failed > 0);
  const asBefore = failing.filter(({ property }) => known.includes(property)).map(({ property }) => property);
  return {
    bit,
    flag,
    from,
    made,
    before: capacityAt(backend),
    after: capacityAt(made),
    refusedBy: [...buildChecks(backend, made), ...checkLayout(layout)],
    holds: reports.length - failing.length,
    broken: failing
      .filter(({ property }) => !known.includes(property))
      .map(({ property, failures }) => ({ property, sentence: failures[0] ?? "" })),
    asBefore,
  };
}

/** The kernel's own build checks, and what it has no check for and would break. */
function buildChecks({ kernel, types }: ArchBackend, { layout }: ArchBackend): string[] {
  const bits = rowsOf(layout, "swpType")
    .filter(({ access }) => access !== "decode")
    .reduce((sum, { high, low }) => sum + high - low + 1, 0);
  if (bits >= TYPE_BITS) return [];
  const special = types.special.map(({ type }) => type).filter((type) => type >= 2 ** bits);
  const lost = special.length > 0 ? `; types ${runsText(special)} would not fit` : "";
  return [
    kernel.typeCheck === null
      ? `no check of this architecture's build sees it, and MAX_SWAPFILES_SHIFT is ${TYPE_BITS}: the type would have ${bits} bits${lost}`
      : `MAX_SWAPFILES_CHECK(): MAX_SWAPFILES_SHIFT is ${TYPE_BITS}, the type would have ${bits} bits (${kernel.typeCheck})${lost}`,
  ];
}

/** MAX_SWAPFILES_SHIFT */
const TYPE_BITS = 5;

/** What a present PTE has for the same flag, which must survive a page's way out and back. */
export function presentLine(backend: ArchBackend, flag: string): string | null {
  const { present } = backend;
  if (flag !== "uffd-wp") return null;
  if (hasPresentUffdWp(backend)) return "the present PTE has a uffd-wp bit";
  if (present === null)
    return "present PTEs are not described: whether one has a bit for uffd-wp is not known";
  const free = freePresentBits(present);
  if (free.length === 0)
    return "the present PTE has no uffd-wp bit and no free software bit: there is none to keep";
  const kept = free.filter((bit) => isKept(present, bit));
  return `the present PTE has no uffd-wp bit; free there: ${runsText(free)} (pte_modify() keeps ${kept.length > 0 ? runsText(kept) : "none of them"})`;
}

/** The same for a script. */
export function outcomeJson(backend: ArchBackend, found: Outcome): object {
  const { made, bit, flag, from, before, after, refusedBy, holds, broken, asBefore } = found;
  return {
    arch: backend.arch,
    layout: backend.layout.id,
    kernel: backend.kernel.release,
    assumed: backend.assumed,
    notes: backend.notes,
    take: bit,
    for: flag,
    from,
    fields: fieldsJson(made.layout),
    moved: changes(backend, made),
    before: capacityJson(before),
    after: capacityJson(after),
    refusedBy,
    properties: { holds, broken, asBefore },
    present: presentLine(backend, flag),
  };
}
