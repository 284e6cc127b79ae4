import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import { planOf } from "./plan.ts";
import { assemble } from "./wasm/assemble.ts";
import { TOTALS } from "./wasm/engine.ts";
import { sweepKernel } from "./wasm/sweep-kernel.ts";
import { simdApi } from "./wasm/webassembly.ts";

/** What became of a range of words. */
export interface Sweep {
  readonly nones: number;
  /** Neither none nor present. */
  readonly entries: number;
  /** Entries that encode writes as they were. */
  readonly same: number;
  /** The sum of all kinds, types, offsets and flags, modulo 2^32. */
  readonly check: number;
}

/** Decodes and encodes again every word of a range, `count` of them (a multiple of 16, below 2^32) from `first` on. */
export type Sweeper = (first: number, count: number) => Sweep;

/**
 * A sweeper for a backend with 32-bit PTEs: in registers, for the exhaustive checks. Needs WebAssembly SIMD.
 *
 * @throws PtekitError `BAD_LAYOUT` for 64-bit PTEs or a field that cannot be compiled; `BAD_ARGUMENT` without SIMD.
 */
export async function compileSweep(backend: ArchBackend): Promise<Sweeper> {
  const plan = planOf(backend);
  if (plan.pteBits !== 32)
    throw new PtekitError("BAD_LAYOUT", `${backend.layout.id}: its PTEs are too many to sweep`);
  const api = simdApi();
  if (!api) throw new PtekitError("BAD_ARGUMENT", "a sweep needs WebAssembly SIMD, which cannot be had here");
  const memory = new api.Memory({ initial: 1, maximum: 1 });
  const module = new api.Module(assemble([sweepKernel(plan, TOTALS)]));
  const { sweep } = new api.Instance(module, { env: { memory } }).exports;
  const totals = new Uint32Array(memory.buffer, TOTALS, 4);
  return (first, count) => {
    if (!Number.isInteger(count) || count < 16 || count % 16 !== 0 || count >= 2 ** 32) {
      throw new PtekitError("BAD_ARGUMENT", `a sweep takes a multiple of 16 words below 2^32, not ${count}`);
    }
    sweep?.(first | 0, count | 0);
    const [nones = 0, entries = 0, same = 0, check = 0] = totals;
    return { nones, entries, same, check };
  };
}
