// The fields of an entry as one edits them: each writes a word, or is refused in the library's own sentence.
import type { ArchBackend, Decoded, FlagName, MarkerName, PfnKind } from "@ptekit/core";
import { FLAG_NAMES, rowsOf } from "@ptekit/core";

/** Flags of an entry, as far as the layout and the release have them. */
export type Flags = Readonly<Partial<Record<FlagName | "young" | "dirty", boolean>>>;

/** What of an entry can be edited. */
export interface Editable {
  readonly type: number;
  readonly offset: bigint;
  readonly flags: Flags;
  /** Of an entry that holds a page frame: which kind, and the frame. */
  readonly frame: { readonly kind: PfnKind; readonly pfn: bigint } | null;
}

/** The fields of a word that is a swap entry of any type; null where it is none. */
export function editableOf(backend: ArchBackend, said: Decoded): Editable | null {
  if (!("type" in said) || said.type === undefined || said.offset === undefined) return null;
  const { type, offset } = said;
  const special = backend.types.special.find((one) => one.type === type);
  const frame =
    "pfn" in said && said.pfn !== undefined && special
      ? { kind: special.name as PfnKind, pfn: said.pfn }
      : null;
  const ages = frame ? (["young", "dirty"] as const).filter((age) => age in said) : [];
  const named = said as Flags;
  return {
    type,
    offset,
    flags: Object.fromEntries([...flagsOf(backend), ...ages].map((flag) => [flag, named[flag] === true])),
    frame,
  };
}

/** The flags that this layout can write. */
const flagsOf = ({ layout }: ArchBackend): FlagName[] =>
  FLAG_NAMES.filter((flag) => rowsOf(layout, flag).some((row) => row.access !== "decode"));

/**
 * The word with this type and offset.
 *
 * @throws PtekitError as `encode()` does.
 */
export function wordWith(backend: ArchBackend, { type, offset, flags }: Editable): bigint {
  const { young: _, dirty: __, ...swap } = flags;
  return backend.encode({ type, offset, ...swap });
}

/**
 * The word with this page frame, and young and dirty as they are given.
 *
 * @throws PtekitError as `encodePfn()` does.
 */
export const wordWithFrame = (backend: ArchBackend, kind: PfnKind, pfn: bigint, flags: Flags): bigint =>
  backend.encodePfn(kind, pfn, flags);

/** A word that can be had at a click: a kind of entry with a small example in it. */
export interface Example {
  readonly name: string;
  readonly word: bigint;
}

/** One word of every kind of entry that this kernel can write. */
export function examplesOf(backend: ArchBackend): readonly Example[] {
  const tried: [string, () => bigint][] = [
    ["empty", () => backend.layout.empty ?? 0n],
    ["swap", () => backend.encode({ type: 0, offset: 0x1234n })],
    ...backend.types.markers.map(({ name }): [string, () => bigint] => [
      `marker ${name}`,
      () => backend.specialPte(name as MarkerName, { by: "swap-type" }),
    ]),
    ...backend.types.special.map(({ name }): [string, () => bigint] => [
      name,
      () => backend.encodePfn(name as PfnKind, 0x1234n),
    ]),
  ];
  return tried.flatMap(([name, make]) => {
    try {
      return [{ name, word: make() }];
    } catch {
      // This kernel does not write one.
      return [];
    }
  });
}
