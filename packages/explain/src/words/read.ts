import type { AnyDecoded, ArchBackend, Decoded } from "@ptekit/core";
import { hex, longBitsOf, meaningOf, presentFlags, shortHex } from "@ptekit/core";
import type { Word } from "../interface.ts";
import type { Found } from "../records/forms.ts";
import type { Candidate } from "./backends.ts";
import { lookOf } from "./look.ts";
import type { Upper } from "./upper.ts";
import { upperOf } from "./upper.ts";

/** What an entry says whose PTE was not printed; the PTE behind it may read as none, when all its fields were 0. */
export function saidByEntry(backend: ArchBackend, entry: bigint): Decoded {
  const said = backend.decode(backend.fromSwpEntry(entry));
  if (said.kind !== "none" && said.kind !== "present" && said.swpEntry === entry) return said;
  const shift = BigInt(backend.kernel.swpTypeShift);
  return {
    ...said,
    assumed: said.assumed,
    kind: said.kind === "none" || said.kind === "present" ? "swap" : said.kind,
    type: Number(entry >> shift),
    offset: entry & ((1n << shift) - 1n),
    swpEntry: entry,
  } as Decoded;
}

/** Whether any PTE of this kernel decodes to that entry. */
export const isReachable = (backend: ArchBackend, entry: bigint): boolean =>
  backend.toSwpEntry(backend.fromSwpEntry(entry)) === entry;

/** The object that stands for a word whose level has swap entries: what the kernel takes it for. */
export function wordOf(
  { backend }: Candidate,
  pair: { readonly pte: Found | null; readonly entry: Found | null },
  said: Decoded,
  line: number,
  confirmed: Confirmed = { pfn: null, entry: null },
): Word {
  const { pte, entry } = pair;
  const told: AnyDecoded = said;
  const number = (found: bigint | undefined): string | undefined =>
    found === undefined ? undefined : shortHex(found);
  const assumed = assumedIn(backend, said, confirmed);
  const look = said.kind === "present" ? lookOf(backend, said.pte) : null;
  const flags = flagsOf(told);
  const { markers } = told;
  return defined({
    word: pte?.digits,
    entry: entry?.digits,
    level: (pte ?? entry)?.level ?? "pte",
    kind: said.kind,
    pte: hex(said.pte, backend.layout.pteBits),
    layout: said.layout,
    type: told.type,
    offset: number(told.offset),
    swpEntry: entry ? hexWide(entry.value, backend) : number(told.swpEntry),
    pfn: number(told.pfn),
    exclusive: told.exclusive,
    softDirty: told.softDirty,
    uffdWp: told.uffdWp,
    access: told.access,
    young: told.young,
    dirty: told.dirty,
    markers,
    flags: [...flags, ...(markers ?? [])],
    names: look?.names,
    meaning: "",
    assumed: assumed.length > 0 ? assumed : undefined,
    line,
  });
}

/** What else the log prints of the same page or entry: it settles what would be assumed. */
export interface Confirmed {
  /** The PFN of the page that was dumped beside the entry. */
  readonly pfn: bigint | null;
  /** The swp_entry_t that the kernel decoded. */
  readonly entry: bigint | null;
}

/** Each default that changed this reading and that the log leaves open, once, and what the word would say otherwise. */
function assumedIn(backend: ArchBackend, said: Decoded, { pfn, entry }: Confirmed): string[] {
  const others = new Map<string, string>();
  const own: AnyDecoded = said;
  for (const { sentence, otherwise } of said.assumed) {
    const other: AnyDecoded | null = otherwise;
    if (other !== null && pfn !== null && own.pfn === pfn && other.pfn !== pfn) continue;
    if (other !== null && entry !== null && own.swpEntry === entry && other.swpEntry !== entry) continue;
    const text =
      otherwise === null
        ? sentence
        : `${sentence}; otherwise ${meaningOf(backend, otherwise).replace(": type", " of type")}`;
    if (!others.has(sentence)) others.set(sentence, text);
  }
  return [...others.values()];
}

const hexWide = (value: bigint, backend: ArchBackend): string =>
  value >> BigInt(longBitsOf(backend.layout)) === 0n ? shortHex(value) : shortHex(value);

/** The object without the keys that do not apply. */
export function defined<T extends object>(object: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** A word of an upper level; where no geometry is described, it tells no more than whether it is empty. */
export function upperWord(found: Found, backend: ArchBackend | null, line: number): Word {
  const { level } = found;
  const upper = backend === null || level === "asce" ? null : upperOf(backend, level, found.value);
  if (upper !== null) return upperTold(found, upper, backend as ArchBackend, line);
  const none = found.value === 0n;
  return defined<Word>({
    word: found.digits,
    level,
    kind: none ? "none" : found.bad ? "bad" : "table",
    table: none ? undefined : shortHex(found.value & 0x000f_ffff_ffff_f000n),
    meaning: none ? "none: no table below" : found.bad ? "bad: no table" : "points to a table",
    line,
  });
}

function upperTold(found: Found, upper: Upper, backend: ArchBackend, line: number): Word {
  const { kind, address, said, backend: own } = upper;
  const isLeaf = kind === "present";
  const told: AnyDecoded | null = said !== null && (isLeaf || kind === "entry") ? said : null;
  const number = (value: bigint | undefined): string | undefined =>
    value === undefined ? undefined : shortHex(value);
  const flags = told === null ? [] : [...flagsOf(told), ...(told.markers ?? [])];
  return defined<Word>({
    word: found.digits,
    level: found.level,
    kind: kind === "entry" ? told?.kind : found.bad && !isLeaf && !upper.isPlain ? "bad" : kind,
    layout: told === null ? undefined : own?.layout.id,
    type: told?.type,
    offset: number(told?.offset),
    swpEntry: number(told?.swpEntry),
    table: kind === "table" && address !== null ? shortHex(address) : undefined,
    pfn:
      isLeaf && address !== null ? shortHex(address >> BigInt(backend.kernel.pageShift)) : number(told?.pfn),
    softDirty: told?.softDirty,
    uffdWp: told?.uffdWp,
    access: told?.access,
    young: told?.young,
    dirty: told?.dirty,
    markers: told?.markers,
    flags: told === null ? undefined : flags,
    names: told !== null && isLeaf && own?.present ? presentFlags(own, told.pte) : undefined,
    meaning: upperMeaning(found, upper),
    line,
  });
}

function upperMeaning(found: Found, upper: Upper): string {
  const { kind, address, isBeyond, isPlain, said, backend } = upper;
  if (kind === "none") return "none: no table below";
  if (kind === "present") return `present: a huge page at ${shortHex(address ?? 0n)}`;
  if (kind === "entry" && said !== null && backend !== null)
    return `${meaningOf(backend, said)}; of a huge page, no table`;
  if (kind === "bad" || (found.bad && !isPlain)) return "bad: no table as the kernel makes them";
  return `points to a table${isBeyond ? ", at an address that no memory has" : ""}`;
}

const flagsOf = (told: AnyDecoded): string[] =>
  (["exclusive", "softDirty", "uffdWp", "young", "dirty"] as const).filter((flag) => told[flag] === true);
