import type { Field } from "@ptekit/core";
import { zeros } from "@ptekit/core";

/** pte_present() */
export const P = (bit: number): Field => zeros(bit, bit, "pte_present() reads _PAGE_PRESENT");

/** Where hardware reads it. */
export const V = (bit: number): Field =>
  zeros(bit, bit, "_PAGE_VALID: the TLB refill loads entries without looking at _PAGE_PRESENT");

/** An empty PTE keeps it for the sake of its buddy: the TLB holds pairs of pages. */
export const G = (bit: number): Field =>
  zeros(
    bit,
    bit,
    "_PAGE_GLOBAL: an empty PTE may have it, pte_none() ignores it, and hardware reads it of a pair",
  );
