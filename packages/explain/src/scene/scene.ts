import type { ArchClues, Architecture, Target } from "@ptekit/core";
import { longBitsOf } from "@ptekit/core";
import type { Evidence } from "../interface.ts";
import type { Line } from "../lines/lines.ts";
import type { Record } from "../records/records.ts";
import type { Stated } from "../stated.ts";
import type { Candidate } from "./arch.ts";
import { archsIn, candidates } from "./arch.ts";
import { bestRelease, releaseIn } from "./release.ts";

/** What is known of the machine that a record comes from. */
export interface Scene {
  readonly release: Evidence | null;
  /** Other releases that were named as surely. */
  readonly others: readonly string[];
  readonly archs: readonly Candidate[];
  /** Kconfig symbols that the log says are set, or not. */
  readonly config: Readonly<globalThis.Record<string, "y" | "n">>;
  /** BITS_PER_LONG, from the width of a printed address. */
  readonly longBits: 32 | 64 | null;
}

/** What lines say, by their place; read once a line, however many records ask. */
export interface Witness {
  /** What the lines from one place to another say. */
  between(from: number, to: number): readonly Evidence[];
  /** Whether lines can say how a kernel of that architecture is configured. */
  tellsConfig(arch: string): boolean;
}

/** Lines around a record that are looked at for its machine. */
const AROUND = 200;

export function witnessOf(lines: readonly Line[], clues: readonly ArchClues[]): Witness {
  const said: (readonly Evidence[] | undefined)[] = [];
  const at = (index: number): readonly Evidence[] => {
    const known = said[index];
    if (known) return known;
    const line = lines[index];
    // What begins on this line may have been wrapped onto the next.
    const release = line ? releaseIn(line.text, line.number) : null;
    const made = line ? [...archsIn(line.text, line.number, clues), ...(release ? [release] : [])] : [];
    said[index] = made;
    return made;
  };
  const telling = new Set(
    clues.filter((one) => one.clues.some(({ config }) => config !== undefined)).map(({ arch }) => arch),
  );
  return {
    tellsConfig: (arch) => telling.has(arch),
    between(from, to) {
      const found: Evidence[] = [];
      for (let i = Math.max(0, from); i <= Math.min(lines.length - 1, to); i++) found.push(...at(i));
      return found;
    },
  };
}

/** What is said at one distance from a record; asked for when what is nearer does not settle it. */
type Ring = () => readonly Evidence[];

/** The scene of a record: its own lines first, then those before it, then those behind, then what else the log says. */
export function sceneOf(
  record: Record,
  lines: readonly Line[],
  witness: Witness,
  ambient: readonly Evidence[],
  stated: string | undefined,
): Scene {
  const rings: readonly Ring[] = [
    once(() => witness.between(record.index, record.end)),
    once(() => witness.between(record.index - AROUND, record.index - 1)),
    once(() => witness.between(record.end + 1, record.end + AROUND)),
    () => ambient,
  ];
  const release = releaseOf(rings);
  // What the user states needs no evidence.
  const { archs, seen } =
    stated === undefined
      ? archsOf(rings)
      : { archs: [{ arch: stated, weight: 100, evidence: [] }], seen: rings.flatMap((ring) => ring()) };
  return {
    release,
    others: release === null || release.weight >= PRINTED ? [] : othersOf(rings, release),
    archs,
    longBits: widthOf(lines, record),
    config: configOf(seen, rings, witness, archs[0]?.arch),
  };
}

function once(make: () => readonly Evidence[]): Ring {
  let made: readonly Evidence[] | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** From this weight on the kernel itself says which it is. */
const PRINTED = 8;

const releasesIn = (ring: Ring): readonly Evidence[] => ring().filter(({ says }) => says === "release");

/** The surest release, the nearest of as sure ones; a kernel that says so itself stands above what a person writes. */
function releaseOf(rings: readonly Ring[]): Evidence | null {
  const [own, before] = rings as [Ring, Ring];
  // The kernel prints its release in each report; the last report before this one comes next.
  const printed =
    releasesIn(own).find(({ weight }) => weight >= PRINTED) ??
    releasesIn(before)
      .filter(({ weight }) => weight >= PRINTED)
      .at(-1);
  if (printed && !isCut(printed)) return printed;
  const all = rings.flatMap(releasesIn);
  const best = printed ?? bestRelease(all);
  return best && (longer(best, all) ?? best);
}

/** What a pager cut off has no build behind its base: "4.18.8-200" of "4.18.8-200.fc28.x86_64". */
const isCut = ({ value, because }: Evidence): boolean => /-\d+$/.test(value) && !because.includes("#");

const longer = ({ value }: Evidence, all: readonly Evidence[]): Evidence | null =>
  all.find((one) => one.value.length > value.length && one.value.startsWith(`${value}.`)) ?? null;

function othersOf(rings: readonly Ring[], release: Evidence): string[] {
  const equal = rings.flatMap(releasesIn).filter(({ weight }) => weight === release.weight);
  return [...new Set(equal.map(({ value }) => value))].filter((value) => value !== release.value);
}

/** From this weight on the log itself settles the architecture. */
export const DECISIVE = 7;

function archsOf(rings: readonly Ring[]): { archs: readonly Candidate[]; seen: readonly Evidence[] } {
  let seen: Evidence[] = [];
  for (const ring of rings) {
    seen = [...seen, ...ring()];
    const archs = candidates(seen);
    const [first, second] = archs;
    if (first && first.weight >= DECISIVE && first.weight - (second?.weight ?? 0) >= 3)
      return { archs, seen };
  }
  return { archs: candidates(seen), seen };
}

/** What the lines that told the architecture say of its configuration, or else those farther away. */
function configOf(
  seen: readonly Evidence[],
  rings: readonly Ring[],
  witness: Witness,
  arch: string | undefined,
): Scene["config"] {
  if (arch === undefined || !witness.tellsConfig(arch)) return {};
  const near = configIn(seen, arch);
  return Object.keys(near).length > 0
    ? near
    : configIn(
        rings.flatMap((ring) => ring()),
        arch,
      );
}

/** The nearest of what is said. */
function configIn(seen: readonly Evidence[], arch: string): Scene["config"] {
  const said = seen.flatMap(({ says, value, config }) =>
    says === "arch" && value === arch && config !== undefined ? [config] : [],
  );
  return Object.assign({}, ...said.reverse());
}

/** `addr:` is printed at the width of a pointer. */
function widthOf(lines: readonly Line[], record: Record): 32 | 64 | null {
  for (let i = record.index; i <= record.end; i++) {
    const text = lines[i]?.text ?? "";
    const digits =
      /\baddr:\s?(?:0x)?([0-9a-f]{8,16})\b(?=.{0,20}\bvm_flags:)/.exec(text)?.[1] ??
      /\banon_vma:\s?([0-9a-f]{8,16})\b/.exec(text)?.[1] ??
      /\[<([0-9a-f]{8,16})>\]/.exec(text)?.[1];
    if (digits?.length === 8) return 32;
    if (digits?.length === 16) return 64;
  }
  return null;
}

/** Whether an architecture has kernels of that width. */
export const hasWidth = (arch: Architecture, bits: 32 | 64): boolean =>
  arch.layouts.some((layout) => longBitsOf(layout) === bits);

/** What the user says of the kernel beside its release. */
export function statedBy({ config, cpu, backports }: Stated): Omit<Target, "release"> {
  return {
    ...(config === undefined ? {} : { config }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(backports === undefined ? {} : { backports }),
  };
}
