import type { ArchBackend, Architecture, Layout, Target } from "@ptekit/core";
import { compareNumbers, longBitsOf, NEWEST_RELEASE, PtekitError, parseRelease } from "@ptekit/core";

/** A backend, and the target that selects it. */
export interface Candidate {
  readonly backend: ArchBackend;
  readonly target: Target;
}

type Stated = Omit<Target, "release">;

const known = new WeakMap<Architecture, Map<string, readonly Candidate[]>>();

/** What an architecture has for these settings, made once. */
function once(arch: Architecture, key: unknown, make: () => readonly Candidate[]): readonly Candidate[] {
  const of = known.get(arch) ?? new Map<string, readonly Candidate[]>();
  known.set(arch, of);
  const text = JSON.stringify(key);
  const found = of.get(text) ?? make();
  // A log of many machines may name many releases; the newest few serve.
  if (of.size > 256) of.clear();
  of.set(text, found);
  return found;
}

/** The backend of a report that was read; made once, as a log has many of one machine. */
export const backendOf = (arch: Architecture, target: Target): ArchBackend | null =>
  once(arch, ["one", target], () => attempt(arch, target))[0]?.backend ?? null;

/** Every backend that an architecture has at a release, the default configuration first; none where it has no layout. */
export function candidatesAt(arch: Architecture, release: string, stated: Stated = {}): readonly Candidate[] {
  return once(arch, [release, stated], () =>
    unique([
      ...attempt(arch, { ...stated, release }),
      ...arch.layouts.flatMap((layout) => attempt(arch, withNeeds(stated, release, layout))),
    ]),
  );
}

/** Every backend that an architecture ever had, the newest first. */
export function candidatesEver(arch: Architecture, stated: Stated = {}): readonly Candidate[] {
  return once(arch, ["ever", stated], () => {
    const newest = candidatesAt(arch, newestOf(arch), stated);
    const older = arch.layouts.flatMap((layout) => describedAt(arch, layout, stated));
    const since = ({ backend }: Candidate): readonly number[] => parseRelease(backend.layout.since).numbers;
    const rest = unique([...newest, ...older]).slice(newest.length);
    return [...newest, ...rest.sort((a, b) => compareNumbers(since(b), since(a)))];
  });
}

/** A layout at its first release, or at the first later one for which present entries are described as well. */
function describedAt(arch: Architecture, layout: Layout, stated: Stated): Candidate[] {
  const first = attempt(arch, withNeeds(stated, layout.since, layout));
  if (first.some(({ backend }) => backend.present !== null)) return first;
  const later = (arch.present ?? [])
    .flatMap(({ since }) => attempt(arch, withNeeds(stated, since, layout)))
    .filter(({ backend }) => backend.layout.id === first[0]?.backend.layout.id && backend.present !== null);
  return later.length > 0 ? later.slice(-1) : first;
}

/** The newest release that an architecture has: of one that was removed, the last. */
function newestOf(arch: Architecture): string {
  return arch.removed === undefined ? NEWEST_RELEASE : (arch.layouts[0]?.since ?? NEWEST_RELEASE);
}

/** Those nearest to a release for which there is no layout: the oldest for an older one, the newest for a newer one. */
export function candidatesNear(
  arch: Architecture,
  release: string,
  stated: Stated = {},
): readonly Candidate[] {
  const all = candidatesEver(arch, stated);
  const { numbers } = parseRelease(release);
  const age = ({ backend }: Candidate): number =>
    compareNumbers(parseRelease(backend.layout.since).numbers, numbers);
  const older = all.filter((one) => age(one) <= 0);
  return older.length > 0 ? older : [...all].reverse();
}

/** The same kernel with each of its defaults the other way: what an answer may hang on. */
export function alternatives(arch: Architecture, { backend, target }: Candidate): readonly Candidate[] {
  return once(arch, ["other", target, backend.layout.id], () => {
    const backports = [...new Set(arch.layouts.flatMap((layout) => layout.backportName ?? []))];
    return unique([
      { backend, target },
      ...backports.flatMap((name) => attempt(arch, { ...target, backports: [name] })),
      ...candidatesAt(arch, target.release, { ...target, release: undefined } as Stated),
    ]).slice(1);
  });
}

/** The target that a layout's own conditions ask for. */
function withNeeds(stated: Stated, release: string, layout: Layout): Target {
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

const UNFIT = ["NO_LAYOUT", "UNKNOWN_RELEASE", "UNKNOWN_CPU", "UNKNOWN_CONFIG", "UNKNOWN_BACKPORT"];

/** The backend, or nothing where that release and configuration have none: what an architecture does not know rules it out. */
function attempt(arch: Architecture, { release, ...stated }: Target): Candidate[] {
  const target = Object.fromEntries(
    Object.entries({ release, ...stated }).filter(([, value]) => value !== undefined),
  ) as unknown as Target;
  try {
    return [{ backend: arch.for(target), target }];
  } catch (error) {
    if (error instanceof PtekitError && UNFIT.includes(error.code)) return [];
    throw error;
  }
}

function unique(all: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const one of all) if (!seen.has(one.backend.layout.id)) seen.set(one.backend.layout.id, one);
  return [...seen.values()];
}

/** The words of one report, as far as a layout has to do with them. */
export interface Pair {
  readonly pte: bigint | null;
  readonly entry: bigint | null;
}

/** Whether the words are as wide as this kernel's. */
export const fitsWidth = ({ layout }: ArchBackend, { pte, entry }: Pair): boolean =>
  (pte === null || pte >> BigInt(layout.pteBits) === 0n) &&
  (entry === null || entry >> BigInt(longBitsOf(layout)) === 0n);

/** How a PTE and a swp_entry_t of one report fit together under a layout. */
export type Agreement =
  /** The entry is the PTE decoded. */
  | { readonly kind: "same" }
  /** The entry is the PTE decoded with bits cleared that the layout keeps in type or offset. */
  | { readonly kind: "misread"; readonly bits: readonly number[] }
  | { readonly kind: "different" };

/** How the two words of a report fit together; null where it has only one, or they are too wide. */
export function agreementOf(backend: ArchBackend, { pte, entry }: Pair): Agreement | null {
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
  const bits = bitsOf(lost);
  return cleared && bits.length === 1 ? { kind: "misread", bits } : { kind: "different" };
}

/** The bits that are set, the lowest first. */
export const bitsOf = (word: bigint): number[] =>
  [...word.toString(2)].reverse().flatMap((digit, bit) => (digit === "1" ? [bit] : []));
