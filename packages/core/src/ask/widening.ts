import { encodedBits } from "../codec/codec.ts";
import type { Layout } from "../data/layout.ts";
import { spare } from "../data/row.ts";
import { MAX_SWAPFILES_SHIFT } from "../data/swap-types.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Capacity } from "../interface/spare-bits.ts";
import { requireKernel } from "../util/require.ts";
import { capacityOf } from "./capacity.ts";
import { reserveBit, withoutLowestBit } from "./reserve.ts";
import { withLayout } from "./spare-bits.ts";

/** How a layout could hold a sixth bit of swap type. */
export interface Widening {
  /** Bits of type that the layout writes now. */
  readonly typeBits: number;
  /** `wide` where it has six or more already; else what the sixth is made of: a free bit, or the lowest bit of the offset. */
  readonly by: "wide" | "free" | "offset" | "none";
  readonly bit: number | null;
  /** What the kernel has room for, before and after; `types` and `swapFiles` are those of five bits. */
  readonly before: Capacity;
  readonly after: Capacity;
}

/**
 * What six bits of swap type would take here. MAX_SWAPFILES_SHIFT is one number for all architectures: every one must pay,
 * by a bit of its PTE, and by a bit of swp_entry_t, whose offset is what the type leaves.
 */
export function wideningOf(backend: ArchBackend): Widening {
  requireKernel(backend);
  const { layout, types } = backend;
  const before = capacityOf(layout, types, backend.kernel);
  const { by, bit, wider } = sixthBit(backend);
  return { typeBits: encodedBits(layout, "swpType"), by, bit, before, after: capacityIn(backend, wider) };
}

function sixthBit(backend: ArchBackend): Pick<Widening, "by" | "bit"> & { readonly wider: Layout } {
  const { layout } = backend;
  if (encodedBits(layout, "swpType") > MAX_SWAPFILES_SHIFT) return { by: "wide", bit: null, wider: layout };
  const { gains, takeable } = backend.spareBits();
  const gain = gains.find((one) => one.for === "type" && one.refusedBy === null);
  if (gain) return { by: "free", bit: gain.bit, wider: reserveBit(layout, { bit: gain.bit, for: "type" }) };
  const taken = takeable.find(({ from }) => from === "offset");
  if (!taken) return { by: "none", bit: null, wider: layout };
  const { bit } = taken;
  return { by: "offset", bit, wider: withoutLowestBit(layout, "offset", spare(bit, bit)) };
}

/** With a swp_entry_t whose offset is a bit shorter. */
function capacityIn(backend: ArchBackend, wider: Layout): Capacity {
  const swpTypeShift = backend.kernel.swpTypeShift - 1;
  const kernel = {
    ...backend.kernel,
    swpTypeShift,
    pfnBits: Math.min(backend.kernel.pfnBits, swpTypeShift),
  };
  const { arch, present, types } = backend;
  const after = withLayout({ arch, layout: wider, present, types, kernel, assumptions: [] }, wider);
  return capacityOf(after.layout, after.types, after.kernel);
}
