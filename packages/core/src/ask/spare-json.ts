import { shortHex } from "../data/bits.ts";
import type { MaybeFree } from "../data/present.ts";
import { isKept } from "../data/present.ts";
import { PtekitError } from "../errors.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Capacity, Taking } from "../interface/spare-bits.ts";
import { requireKernel, requireKey } from "../util/require.ts";
import { freePresentBits } from "./free-present.ts";

/** What a kernel has room for, as JSON: bytes are decimal texts, since they may pass 2^53, an address is `0x…`. */
export interface CapacityJson extends Omit<Capacity, "layoutBytes" | "maxBytes" | "maxPhysicalAddress"> {
  readonly layoutBytes: string;
  readonly maxBytes: string;
  readonly maxPhysicalAddress: string;
}

/** A capacity as JSON can hold it. */
export function capacityJson(capacity: Capacity): CapacityJson {
  requireKey(capacity, "layoutBytes", "what a kernel has room for");
  const { layoutBytes, maxBytes, maxPhysicalAddress, ...rest } = capacity;
  return {
    ...rest,
    layoutBytes: String(layoutBytes),
    maxBytes: String(maxBytes),
    maxPhysicalAddress: shortHex(maxPhysicalAddress),
  };
}

/** Which bits of the swap PTE are free, as JSON. */
export interface SpareJson {
  /** Bit numbers, lowest first. */
  readonly free: readonly number[];
  /** Bits that could be taken from type or offset, with what that would cost. */
  readonly takeable: readonly (Omit<Taking, "before" | "after"> & {
    readonly before: CapacityJson;
    readonly after: CapacityJson;
  })[];
  /** The others, lowest first, with who claims them. */
  readonly claimed: readonly { readonly bit: number; readonly by: string; readonly sentence: string }[];
}

/** Which bits of a kernel's swap PTE are free, as JSON: the whole answer, and no word of the kernel that is meant. */
export function spareJson(backend: ArchBackend): SpareJson {
  requireKernel(backend);
  const { bits, free, takeable } = backend.spareBits();
  const claimed = bits.filter((claim) => !claim.free && !takeable.some(({ bit }) => bit === claim.bit));
  return {
    free,
    takeable: takeable.map(({ bit, from, before, after, refusedBy }) => ({
      bit,
      from,
      before: capacityJson(before),
      after: capacityJson(after),
      refusedBy,
    })),
    claimed: claimed.reverse().map(({ bit, claimedBy, sentence }) => ({ bit, by: claimedBy, sentence })),
  };
}

/** Which software bits of the present PTE are free, as JSON. */
export interface PresentSpareJson {
  /** Bit numbers, lowest first. */
  readonly free: readonly number[];
  /** Of these, what `pte_modify()` keeps. */
  readonly kept: readonly number[];
  readonly maybe: readonly MaybeFree[];
  readonly citation: string;
  readonly note?: string;
  readonly uncertain?: string;
}

/**
 * Which software bits of a kernel's present PTE are free, as JSON.
 *
 * @throws PtekitError `NO_PRESENT_LAYOUT` where present PTEs are not described.
 */
export function presentSpareJson(backend: ArchBackend): PresentSpareJson {
  requireKernel(backend);
  const { present, layout } = backend;
  if (present === null)
    throw new PtekitError("NO_PRESENT_LAYOUT", `${layout.id}: present PTEs are not described`);
  const free = freePresentBits(present);
  const { citation, note, uncertain, maybe = [] } = present;
  return {
    free,
    kept: free.filter((bit) => isKept(present, bit)),
    maybe,
    citation,
    ...(note && { note }),
    ...(uncertain && { uncertain }),
  };
}

/** Which kernel an answer is of, as JSON. */
export interface BackendJson {
  readonly arch: string;
  readonly layout: string;
  readonly assumed: readonly string[];
  readonly notes: readonly string[];
}

/** Which kernel a backend is of, and what was assumed of it, as JSON. */
export function backendJson(backend: ArchBackend): BackendJson {
  requireKernel(backend);
  const { arch, layout, assumed, notes } = backend;
  return { arch, layout: layout.id, assumed, notes };
}
