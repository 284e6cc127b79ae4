import type { Layout, LayoutException } from "@ptekit/core";
import {
  differs,
  encodeOnly,
  equals,
  exclusive,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const SINCE_64 = `Linux kernel commit 6f9e98849eda ("parisc: Fix encoding of swp_entry due to added SWP_EXCLUSIVE flag") (in v6.4)`;
const SINCE_63 = `Linux kernel commit 6d239fc78c0b ("parisc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const BEFORE = "See __swp_entry() in arch/parisc/include/asm/pgtable.h (as of Linux v5.10 and v6.1)";

const wide: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_64BIT"],
  pteBits: 64,
  present: differs(0x200n, 0n),
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
};
const narrow: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["!CONFIG_64BIT"],
  pteBits: 32,
  present: differs(0x200n, 0n),
  none: equals(0xffff_ffffn, 0n),
};

// The header draws bit 0 on the left, as PA-RISC counts. With 64 bits the upper part of the offset goes on to bit 63.
// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <---------------- offset -----------------> 0 E o o o < type ->
const fields64 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 10, 3),
  zeros(9, 9, PRESENT),
  exclusive(8),
  swpOffset(7, 5),
  swpType(4, 0),
];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <--------------- offset ----------------> X 0 o o o X < type ->
const fields63 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 11, 3),
  spare(10, 10),
  zeros(9, 9, PRESENT),
  encodeOnly(
    swpOffset(8, 8, 2),
    "a bug: it is the exclusive flag too, which decoding clears before it reads the offset",
  ),
  swpOffset(7, 6),
  spare(5, 5),
  swpType(4, 0),
];

const lost = (property: string): LayoutException => ({
  property,
  words: equals(0x100n, 0x100n),
  reason: "bit 2 of the offset is stored in the exclusive flag, and lost when that is cleared",
  citation: SINCE_64,
});
const lostBit = [
  lost("every type survives"),
  lost("every offset bit survives"),
  lost("flags leave type and offset alone"),
  lost("what encode writes encodes back"),
];
const LOST =
  "a bug of v6.3 to v6.3.2: bit 8 is the exclusive flag and bit 2 of the offset at once; decode shows neither, encode writes the offset's bit and has no flag";

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <--------------- offset ----------------> X 0 o o o X < type ->
const fields44 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 11, 3),
  spare(10, 10),
  zeros(9, 9, PRESENT),
  swpOffset(8, 6),
  spare(5, 5),
  unmasked(swpType(4, 0)),
];

const MENDED = [{ release: "6.3.3" }];

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "parisc 6.4 64-bit",
    since: "6.4",
    backported: MENDED,
    ...wide,
    fields: fields64(63),
    citation: SINCE_64,
  },
  {
    id: "parisc 6.4 32-bit",
    since: "6.4",
    backported: MENDED,
    ...narrow,
    fields: fields64(31),
    citation: SINCE_64,
  },
  {
    id: "parisc 6.3 64-bit",
    since: "6.3",
    ...wide,
    fields: fields63(63),
    exceptions: lostBit,
    note: LOST,
    citation: `${SINCE_63}; read, not executed`,
  },
  {
    id: "parisc 6.3 32-bit",
    since: "6.3",
    ...narrow,
    fields: fields63(31),
    exceptions: lostBit,
    note: LOST,
    citation: `${SINCE_63}; read, not executed`,
  },
  {
    id: "parisc 4.2 64-bit",
    since: "4.2",
    ...wide,
    fields: fields44(63),
    citation: `${BEFORE}; read, not executed`,
  },
  { id: "parisc 4.2 32-bit", since: "4.2", ...narrow, fields: fields44(31), citation: BEFORE },
];
