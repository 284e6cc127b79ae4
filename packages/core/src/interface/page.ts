import type { PageAccess } from "../data/present.ts";

/** A present PTE of user space, as far as {@link encodePresent} writes it. */
export interface PresentPage {
  /** Page frame number. */
  readonly pfn: bigint;
  readonly access: PageAccess;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  /** The entry one level up, that maps a huge page. */
  readonly huge?: boolean;
}
