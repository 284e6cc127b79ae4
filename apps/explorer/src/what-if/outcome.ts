// From a bit that is wanted to what it would cost.
import type { ArchBackend, Capacity, FlagName, Price, TakenBit } from "@ptekit/core";
import {
  capacityOf,
  claimSentence,
  createBackend,
  meaningOf,
  priceOf,
  rowsOf,
  shortHex,
  sizeText,
  takeBit,
  withLayout,
} from "@ptekit/core";

export const FLAG_TITLES: Readonly<Record<FlagName, string>> = {
  uffdWp: "uffd-wp",
  softDirty: "soft-dirty",
  exclusive: "exclusive",
};

/** What taking a bit comes to. */
export interface Outcome {
  readonly bit: number;
  readonly from: TakenBit["from"];
  /** The kernel that would have it. */
  readonly made: ArchBackend;
  /** What is not as it was, in words: name, before, after. */
  readonly moved: readonly (readonly [what: string, before: string, after: string])[];
  /** The kernel's own build check that would refuse it; null where none would. */
  readonly refusedBy: string | null;
}

/**
 * What it would come to if that bit were the flag.
 *
 * @throws PtekitError where it cannot be had, with the reason.
 */
export function outcomeOf(backend: ArchBackend, bit: number, use: FlagName): Outcome {
  const { layout, from } = takeBit(backend.layout, bit, use);
  const made = createBackend(withLayout({ ...backend, assumptions: [] }, { ...layout, exceptions: [] }));
  const [before, after] = [backend, made].map(capacityAt) as [Capacity, Capacity];
  const { typeCheck } = backend.kernel;
  const isRefused = from === "type" && after.types < before.types && typeCheck !== null;
  return {
    bit,
    from,
    made,
    moved: movedIn(backend, before, after),
    refusedBy: isRefused
      ? `MAX_SWAPFILES_CHECK() asks for the ${before.types} types that there are (${typeCheck})`
      : null,
  };
}

const capacityAt = ({ layout, types, kernel }: ArchBackend): Capacity => capacityOf(layout, types, kernel);

function movedIn(
  { kernel }: ArchBackend,
  before: Capacity,
  after: Capacity,
): (readonly [string, string, string])[] {
  const size = (bytes: bigint): string => sizeText(bytes, 1n << BigInt(kernel.pageShift));
  const ages = ({ migrationAd }: Capacity): string => (migrationAd === true ? "kept" : "not kept");
  const facts: readonly (readonly [string, (one: Capacity) => string])[] = [
    ["swap types", ({ types }) => `${types}`],
    ["swap files (MAX_SWAPFILES)", ({ swapFiles }) => `${swapFiles}`],
    ["bits of offset", ({ offsetBits }) => `${offsetBits}`],
    ["largest swap file that the layout holds", ({ layoutBytes }) => size(layoutBytes)],
    ["largest swap file that the kernel allows", ({ maxBytes }) => size(maxBytes)],
    [
      "highest address of a migration or device entry",
      ({ maxPhysicalAddress }) => shortHex(maxPhysicalAddress),
    ],
    ["young and dirty of migration entries", ages],
  ];
  return facts
    .map(([what, say]) => [what, say(before), say(after)] as const)
    .filter(([, was, is]) => was !== is);
}

/** What a bit for a flag would cost on a layout at the least. */
export interface Cheapest {
  readonly bit: number | null;
  readonly how: "its own" | "free" | "from the offset" | "from the type" | "none can be had";
  readonly cost: string;
}

export function cheapestOf(backend: ArchBackend, use: FlagName): Cheapest {
  const own = rowsOf(backend.layout, use)[0];
  if (own) return { bit: own.low, how: "its own", cost: "" };
  const { free, takeable } = backend.spareBits();
  const [bit] = free;
  if (bit !== undefined) return { bit, how: "free", cost: "" };
  const taking = takeable.find(({ refusedBy }) => refusedBy === null);
  if (!taking) return { bit: null, how: "none can be had", cost: "" };
  const moved = movedIn(backend, taking.before, taking.after);
  const cost = moved.map(([what, was, is]) => `${what}: ${was} → ${is}`).join("; ");
  return { bit: taking.bit, how: `from the ${taking.from}`, cost };
}

/** What a bit is on a layout that may be narrower. */
export const claimAt = (backend: ArchBackend, bit: number): string =>
  bit < backend.layout.pteBits ? claimSentence(backend.layout, bit) : "the PTE has 32 bits";

/** One way to make a special PTE, on one kernel. */
export interface Design {
  readonly title: string;
  readonly by: string;
  /** The word; null where the bit would have to be taken first, or the type does not fit. */
  readonly pte: bigint | null;
  readonly takes: string;
  /** What this kernel says of that word as it is. */
  readonly reads: string;
}

/** The three proposals of the thread on this kernel. */
export function designsOf(backend: ArchBackend): readonly Design[] {
  const price = priceOf(backend);
  const { byBit, bySwapType, headerPage } = price;
  const reads = (pte: bigint | null): string =>
    pte === null ? "there is no such word" : meaningOf(backend, backend.decode(pte));
  return [
    {
      title: "One bit of the swap PTE",
      by: "Peter Xu, v3",
      pte: byBit.pte,
      takes: `${bitText(byBit)}; in the present PTE ${presentText(byBit)}`,
      reads: reads(byBit.pte),
    },
    {
      title: "A swap type",
      by: "Alistair Popple; merged in 5.19 as PTE markers",
      pte: bySwapType.pte,
      takes: `type ${bySwapType.type}${bySwapType.merged ? "" : " (would be)"}: ${bySwapType.swapFilesBefore} swap files become ${bySwapType.swapFilesAfter}; room for other markers in its offset`,
      reads: reads(bySwapType.pte),
    },
    {
      title: "Type 1 with offset 0",
      by: "Hugh Dickins",
      pte: headerPage,
      takes:
        "neither a bit nor a type: the header page of swap area 1 is no slot; one special PTE and no more",
      reads: reads(headerPage),
    },
  ];
}

const sources = {
  "uffd-wp": "its own uffd-wp bit",
  free: "free",
  offset: "from the offset",
  type: "from the type",
};

export const bitText = ({ bit, source }: Price["byBit"]): string =>
  bit === null || source === null ? "no bit can be had" : `bit ${bit}, ${sources[source]}`;

const presentText = ({ presentBit, presentSource }: Price["byBit"]): string =>
  presentBit === null
    ? presentSource === "unknown"
      ? "it is not described"
      : "no bit is free"
    : `bit ${presentBit}, ${presentSource === "free" ? "free" : "its own"}`;
