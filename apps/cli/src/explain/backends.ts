import type { ArchBackend, Architecture, Layout, Target } from "@ptekit/core";
import { compareNumbers, longBitsOf, NEWEST_RELEASE, PtekitError, parseRelease } from "@ptekit/core";
import { bitsSet } from "../numbers.ts";

/** The words of one report. */
export interface Words {
  readonly pte: bigint | null;
  readonly entry: bigint | null;
}

/** How a PTE and a swp_entry_t of one report fit together under a layout. */
export type Agreement =
  /** The entry is the PTE decoded. */
  | { readonly kind: "same" }
  /** The entry is the PTE decoded with bits cleared that the layout keeps in type or offset. */
  | { readonly kind: "misread"; readonly bits: readonly number[] }
  | { readonly kind: "different" };

/** Every backend that an architecture has at a release, the default configuration first. */
export function backendsAt(
  arch: Architecture,
  release: string,
  stated: Omit<Target, "release"> = {},
): ArchBackend[] {
  const targets = [
    { ...stated, release },
    ...arch.layouts.map((layout) => withNeeds(stated, release, layout)),
  ];
  return unique(targets.flatMap((target) => attempt(arch, target)));
}

/** Every backend that an architecture ever had, the newest first. */
export function backendsEver(arch: Architecture, stated: Omit<Target, "release"> = {}): ArchBackend[] {
  const newest = backendsAt(arch, NEWEST_RELEASE, stated);
  const older = arch.layouts.flatMap((layout) => attempt(arch, withNeeds(stated, layout.since, layout)));
  const sinceOf = ({ layout }: ArchBackend): readonly number[] => parseRelease(layout.since).numbers;
  return [
    ...newest,
    ...unique([...newest, ...older])
      .slice(newest.length)
      .sort((a, b) => compareNumbers(sinceOf(b), sinceOf(a))),
  ];
}

/** The target that a layout's own conditions ask for. */
function withNeeds(stated: Omit<Target, "release">, release: string, layout: Layout): Target {
  if (typeof stated.config === "string") return { ...stated, release };
  const needs = layout.when ?? [];
  const config = needs
    .filter((need) => /^!?CONFIG_/.test(need))
    .map((need) => {
      const [name = "", value = need.startsWith("!") ? "n" : "y"] = need.replace(/^!/, "").split("=");
      return [name, /^\d+$/.test(value) ? Number(value) : value] as const;
    });
  const cpu = needs.filter((need) => !/^!|^CONFIG_/.test(need));
  return {
    ...stated,
    release,
    config: { ...Object.fromEntries(config), ...stated.config } as Target["config"] & object,
    cpu: [...cpu, ...[stated.cpu ?? []].flat()],
  };
}

/** The backend, or nothing where that release and configuration have none. */
function attempt(arch: Architecture, target: Target): ArchBackend[] {
  try {
    return [arch.for(target)];
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return [];
    throw error;
  }
}

function unique(backends: readonly ArchBackend[]): ArchBackend[] {
  return backends.filter(
    (one, index) => backends.findIndex(({ layout }) => layout.id === one.layout.id) === index,
  );
}

/** Whether the words are as wide as this kernel's. */
export function fitsWidth({ layout }: ArchBackend, { pte, entry }: Words): boolean {
  return (
    (pte === null || pte >> BigInt(layout.pteBits) === 0n) &&
    (entry === null || entry >> BigInt(longBitsOf(layout)) === 0n)
  );
}

/** How the two words of a report fit together; null where it has only one. */
export function agreementOf(backend: ArchBackend, { pte, entry }: Words): Agreement | null {
  if (pte === null || entry === null || !fitsWidth(backend, { pte, entry })) return null;
  if (backend.toSwpEntry(pte) === entry) return { kind: "same" };
  const written = backend.fromSwpEntry(entry);
  const fields = backend.layout.fields.reduce(
    (mask, { kind, high, low }) =>
      kind === "swpType" || kind === "swpOffset"
        ? mask | (((2n << BigInt(high - low)) - 1n) << BigInt(low))
        : mask,
    0n,
  );
  const lost = (pte ^ written) & fields;
  // What the kernel clears as flags is set in the PTE and clear in what it made of it.
  const cleared = (pte & lost) === lost && backend.toSwpEntry(written) === entry;
  return cleared && bitsSet(lost).length === 1
    ? { kind: "misread", bits: bitsSet(lost) }
    : { kind: "different" };
}

/** The best of several backends for a report's words: one under which they agree, or else the first that is wide enough. */
export function bestOf(backends: readonly ArchBackend[], words: Words): ArchBackend | null {
  const wide = backends.filter((backend) => fitsWidth(backend, words));
  const agreeing = (kind: Agreement["kind"]): ArchBackend | undefined =>
    wide.find((backend) => agreementOf(backend, words)?.kind === kind);
  return agreeing("same") ?? agreeing("misread") ?? wide[0] ?? null;
}
