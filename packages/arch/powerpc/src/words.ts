import type { Field } from "@ptekit/core";
import { decodeOnly, dropped, swpOffset } from "@ptekit/core";

// A 32-bit kernel's swp_entry_t is the PTE shifted right by 3, so its type and offset stand at the same bits everywhere.

const NONE_IGNORES = "pte_none() ignores the upper word";

/** The upper word of a 64-bit PTE on a 32-bit kernel. */
export const upperWord: readonly Field[] = [
  dropped(63, 35, `the 32-bit swp_entry_t is the PTE shifted right by 3; ${NONE_IGNORES}`),
  decodeOnly(
    swpOffset(34, 32, 24),
    `swp_entry_to_pte() shifts left in 32 bits and loses them; ${NONE_IGNORES}`,
  ),
];

/** pte_none() of a 64-bit PTE: never looks at the upper word. */
export const LOW_WORD = 0xffff_ffffn;
