import { names } from "@ptekit/all";
import type { Architecture, Decoded, Target } from "@ptekit/core";
import { longBitsOf } from "@ptekit/core";
import type { PageDump } from "../records/details.ts";
import type { Scene } from "../scene/scene.ts";
import { DECISIVE, hasWidth, statedBy } from "../scene/scene.ts";
import type { Stated } from "../stated.ts";
import { archNamed } from "../stated.ts";
import type { Agreement, Candidate, Pair } from "./backends.ts";
import { agreementOf, candidatesAt, candidatesEver, candidatesNear, fitsWidth } from "./backends.ts";
import { lookOf } from "./look.ts";

/** The words of a report, and what was printed beside them that a reading must fit. */
export interface Printed extends Pair {
  readonly pmd: bigint | null;
  /** As many digits as the swp_entry_t was printed with. */
  readonly entryDigits: number;
  readonly pages: readonly PageDump[];
}

/** The kernel that a report is read by, and what else could be. */
export interface Choice {
  readonly arch: string;
  readonly chosen: Candidate;
  readonly agreement: Agreement | null;
  /** Every candidate that was as good a kernel to read by, the chosen one first. */
  readonly tried: readonly Candidate[];
  /** Whether the release that was named has a layout; false: read by the nearest, or by all. */
  readonly exact: boolean;
  readonly weight: number;
}

/** Every architecture that the scene speaks for, each with its best reading; the best first. */
export async function choices(printed: Printed, scene: Scene, options: Stated): Promise<Choice[]> {
  const found: Choice[] = [];
  for (const { arch: name, weight } of wanted(printed, scene, options)) {
    const arch = await archNamed(name, options.own);
    const choice = choiceOf(arch, weight, printed, scene, options);
    if (choice) found.push(choice);
  }
  return found.sort((a, b) => b.weight - a.weight);
}

/** Who it may be: stated, or what the log speaks for, or, where two words can check each other, anyone. */
function wanted(
  printed: Printed,
  scene: Scene,
  { arch }: Stated,
): readonly { readonly arch: string; readonly weight: number }[] {
  if (arch !== undefined) return [{ arch, weight: 100 }];
  if (scene.archs.length > 0) return scene.archs.slice(0, 6);
  if (printed.pte !== null && printed.entry !== null) return names.map((one) => ({ arch: one, weight: 0 }));
  // An inverted offset field that is nearly empty reads as nearly all ones in 50 bits, as on x86_64 alone.
  return printed.entry !== null && looksInverted(printed.entry) ? [{ arch: "x86_64", weight: DECISIVE }] : [];
}

/** An offset of 50 bits, nearly all ones. */
export const looksInverted = (entry: bigint): boolean =>
  entry >> 49n === 1n && ((entry >> 33n) & 0xffffn) === 0xffffn;

function choiceOf(
  arch: Architecture,
  weight: number,
  printed: Printed,
  scene: Scene,
  options: Stated,
): Choice | null {
  const release = options.release ?? scene.release?.value ?? null;
  const stated = statedFor(arch.name, scene, options);
  const at = release === null ? [] : candidatesAt(arch, release, stated);
  const pool =
    at.length > 0
      ? at
      : release === null
        ? candidatesEver(arch, stated)
        : candidatesNear(arch, release, stated);
  const rated = pool
    .filter((one) => fits(one, printed))
    .map((one, order) => ({ one, points: pointsOf(one, printed, scene) - order / 100 }))
    .sort((a, b) => b.points - a.points);
  const [best] = rated;
  if (!best || (scene.longBits !== null && options.arch === undefined && !hasWidth(arch, scene.longBits)))
    return null;
  const agreement = agreementOf(best.one.backend, printed);
  return {
    arch: arch.name,
    chosen: best.one,
    agreement,
    tried: rated.map(({ one }) => one),
    exact: at.length > 0,
    // Words that fit each other speak for an architecture, more than its name does.
    weight:
      weight +
      (agreement?.kind === "same" ? 6 : agreement?.kind === "misread" ? 4 : 0) +
      narrow(arch, printed),
  };
}

/** What the user states, and where that is silent, what the log says of the configuration. */
function statedFor(arch: string, { config, archs }: Scene, options: Stated): Omit<Target, "release"> {
  const stated = statedBy(options);
  if (typeof stated.config === "string" || archs[0]?.arch !== arch || Object.keys(config).length === 0)
    return stated;
  return { ...stated, config: { ...config, ...stated.config } };
}

/** An entry of eight digits whose type stands in bits 31:26. */
const narrow = (arch: Architecture, { pte, entry, entryDigits }: Printed): number =>
  pte === null &&
  entry !== null &&
  entryDigits === 8 &&
  entry >> 32n === 0n &&
  entry >> 25n !== 0n &&
  !hasWidth(arch, 64)
    ? 2
    : 0;

const fits = ({ backend }: Candidate, printed: Printed): boolean =>
  fitsWidth(backend, printed) &&
  (printed.pmd === null || printed.pmd >> BigInt(backend.layout.pteBits) === 0n);

/** How well a backend fits what was printed. */
function pointsOf({ backend, target }: Candidate, printed: Printed, scene: Scene): number {
  const agreement = agreementOf(backend, printed)?.kind;
  let points = agreement === "same" ? 100 : agreement === "misread" ? 60 : 0;
  if (printed.pte !== null && printed.pages.length > 0) {
    const pfn = pfnOf(backend.decode(printed.pte)) ?? lookOf(backend, printed.pte)?.pfn;
    if (printed.pages.some((page) => page.pfn !== null && page.pfn === pfn)) points += 80;
  }
  if (scene.longBits !== null) points += longBitsOf(backend.layout) === scene.longBits ? 20 : -40;
  points += 30 * configPoints(target, scene);
  if (printed.pte === null && printed.entry !== null && looksInverted(printed.entry)) {
    points += backend.layout.fields.some(({ inverted }) => inverted) ? 40 : 0;
  }
  // A PMD of more than 32 bits on 32 bits is PAE's.
  if (printed.pmd !== null && printed.pmd >> 32n !== 0n && backend.layout.pteBits === 64) points += 5;
  return points;
}

export const pfnOf = (said: Decoded): bigint | undefined =>
  said.kind === "present" ? (said as { pfn?: bigint }).pfn : undefined;

/** How many symbols that the log speaks of the target has as the log says, less those it has otherwise. */
function configPoints({ config }: Target, { config: said }: Scene): number {
  if (typeof config !== "object") return -Object.values(said).filter((value) => value === "y").length;
  const stated = config as Readonly<Record<string, unknown>>;
  return Object.entries(said).reduce((sum, [name, value]) => {
    const has = stated[name] ?? "n";
    return sum + (has === value ? 1 : -1);
  }, 0);
}
