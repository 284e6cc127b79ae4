// What somebody writes who needs one kernel's PTEs and no library: BigInt arithmetic, an object for each word. Linux 6.12,
// as most distributions configure it: MAX_SWAPFILES is 23, on arm 28.

/** What a decoder written by hand says. */
export interface ByHand {
  readonly pte: bigint;
  readonly kind: "none" | "present" | "swap" | "special";
  readonly pfn?: bigint;
  readonly type?: number;
  readonly offset?: bigint;
  readonly exclusive?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
}

// See pte_present(), pte_none() and __swp_type() in arch/x86/include/asm/pgtable.h and pgtable_64.h (as of Linux v6.12)
function x86_64(pte: bigint): ByHand {
  if ((pte & ~0x60n) === 0n) return { pte, kind: "none" };
  if ((pte & 0x101n) !== 0n) {
    // Under PROT_NONE the PFN is inverted.
    const pfn = (((pte & 1n) === 0n ? ~pte : pte) >> 12n) & 0xff_ffff_ffffn;
    return { pte, kind: "present", pfn, softDirty: (pte & 0x800n) !== 0n, uffdWp: (pte & 0x400n) !== 0n };
  }
  const type = Number((pte >> 59n) & 0x1fn);
  return {
    pte,
    kind: type < 23 ? "swap" : "special",
    type,
    offset: (~pte >> 9n) & 0x3_ffff_ffff_ffffn,
    exclusive: (pte & 8n) !== 0n,
    softDirty: (pte & 2n) !== 0n,
    uffdWp: (pte & 4n) !== 0n,
  };
}

// See pte_present() and __swp_type() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12)
function arm64(pte: bigint): ByHand {
  if (pte === 0n) return { pte, kind: "none" };
  if ((pte & 0x801n) !== 0n) {
    const pfn = (pte >> 12n) & 0xf_ffff_ffffn;
    return { pte, kind: "present", pfn, softDirty: false, uffdWp: (pte & (1n << 58n)) !== 0n };
  }
  const type = Number((pte >> 6n) & 0x1fn);
  return {
    pte,
    kind: type < 23 ? "swap" : "special",
    type,
    offset: (pte >> 12n) & 0x3_ffff_ffff_ffffn,
    exclusive: (pte & 4n) !== 0n,
    softDirty: false,
    uffdWp: (pte & 8n) !== 0n,
  };
}

// See pte_present() and __swp_type() in arch/arm/include/asm/pgtable.h (as of Linux v6.12)
function arm(pte: bigint): ByHand {
  if (pte === 0n) return { pte, kind: "none" };
  if ((pte & 1n) !== 0n) return { pte, kind: "present", pfn: pte >> 12n, softDirty: false, uffdWp: false };
  const type = Number((pte >> 2n) & 0x1fn);
  return {
    pte,
    kind: type < 28 ? "swap" : "special",
    type,
    offset: (pte >> 8n) & 0xff_ffffn,
    exclusive: (pte & 0x80n) !== 0n,
    softDirty: false,
    uffdWp: false,
  };
}

/** By the architecture's name. */
export const BY_HAND: Readonly<Record<string, (pte: bigint) => ByHand>> = { x86_64, arm64, arm };
