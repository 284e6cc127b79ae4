import type { AnyDecoded } from "@ptekit/core";
import { PtekitError, rowsOf } from "@ptekit/core";
import { isHuge, type Life } from "./life.ts";

/** What an action starts from. */
export interface Scene {
  readonly life: Life;
  readonly decoded: AnyDecoded;
  /** What the event was given; the model counts up where it was given nothing. */
  readonly pfn?: bigint;
  readonly slot?: { readonly type: number; readonly offset: bigint };
}

/** What an action changes. */
export type Change = Partial<Life>;

/** A page frame that the event was given, or the next one. */
export const freshPfn = ({ life, pfn }: Scene): bigint => pfn ?? life.nextPfn;

/** The page frame that the PTE holds. */
export function pfnOf({ life, decoded }: Scene): bigint {
  if (decoded.pfn !== undefined) return decoded.pfn;
  throw new PtekitError("NO_PRESENT_LAYOUT", `${life.backend.layout.id}: present PTEs are not described`);
}

const step = (life: Life): bigint => (isHuge(life) || life.huge ? 0x200n : 1n);

/** The next page frame is another one. */
export const used = (life: Life): Change => ({ nextPfn: life.nextPfn + step(life) });

/** Whether swap PTEs keep a soft-dirty bit here. */
export const swpSoftDirty = (life: Life): boolean => rowsOf(life.backend.layout, "softDirty").length > 0;
