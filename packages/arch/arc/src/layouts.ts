import type { Backport, Field, Layout } from "@ptekit/core";
import {
  decodeOnly,
  differs,
  dropped,
  encodeOnly,
  equals,
  exclusive,
  spare,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const UPPER = "swp_entry_t is 32 bits wide; pte_none() reads them";
const UNUSED = "the header asks for 0; nothing reads them in an entry that is not present";
const NONE = equals(0xffff_ffffn, 0n);
const NONE_PAE = equals(0xffff_ffff_ffff_ffffn, 0n);
const NO_PAE_612 =
  "in v6.12 CONFIG_ARC_HAS_PAE40 cannot be selected: it depends on MMU_V4, a symbol that does not exist (v7.2: ARC_MMU_V4)";
const EXCLUSIVE = `Linux kernel commit 4a446b3dd335 ("arc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const BEFORE =
  "See __swp_entry() in arch/arc/include/asm/pgtable.h (as of Linux v5.10) and __swp_entry() in arch/arc/include/asm/pgtable-bits-arcv2.h (as of Linux v6.1); read, not executed";

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <------------- offset --------------> X X X 0 X X X E < type ->
const fields63: Layout["fields"] = [
  swpOffset(31, 13),
  spare(12, 10, UNUSED),
  zeros(9, 9, PRESENT),
  spare(8, 6, UNUSED),
  exclusive(5),
  swpType(4, 0),
];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <------------- offset --------------> X X X 0 X X X X < type ->
const fields44: Layout["fields"] = [
  swpOffset(31, 13),
  spare(12, 10, UNUSED),
  zeros(9, 9, PRESENT),
  spare(8, 5, UNUSED),
  swpType(4, 0),
];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <------------- offset --------------> X X 0 X X X X X < type ->
const fieldsOldMmu: Layout["fields"] = [
  swpOffset(31, 13),
  spare(12, 11, UNUSED),
  zeros(10, 10, PRESENT),
  spare(9, 5, UNUSED),
  swpType(4, 0),
];

/** __swp_offset() was mended in v4.18, and in the stable series before these. */
const mended: readonly Backport[] = [{ release: "4.14.67" }, { release: "4.9.115" }, { release: "4.4.147" }];

/** ARC 750: _PAGE_PRESENT is bit 10. */
const oldMmu = (version: 1 | 2): Layout => ({
  id: `arc 4.18 MMU v${version}`,
  since: "4.18",
  backported: mended,
  when: [`CONFIG_ARC_MMU_V${version}`, "!CONFIG_ARC_HAS_PAE40"],
  pteBits: 32,
  fields: fieldsOldMmu,
  present: differs(0x400n, 0n),
  none: NONE,
  citation: "See _PAGE_PRESENT in arch/arc/include/asm/pgtable.h (as of Linux v5.10); read, not executed",
});

/** A run that crosses bit 12, in two. */
const below12 = (row: Field): Field[] =>
  row.kind === "spare" && row.high === 12 && row.low < 12
    ? [
        { ...row, low: 12 },
        { ...row, high: 11 },
      ]
    : [row];

/** Bits below 12 are no longer spare: decode reads them. */
const misread = (row: Field): Field =>
  row.kind === "spare" && row.high < 12
    ? zeros(row.high, row.low, "__swp_offset() reads it as part of the offset")
    : row;

/** The same before __swp_offset() was mended. */
const unmended = ({ backported: _backported, ...layout }: Layout): Layout => ({
  ...layout,
  id: layout.id.replace("4.18", "4.2"),
  since: "4.2",
  fields: layout.fields
    .flatMap(below12)
    .map((row) =>
      row.kind === "swpOffset"
        ? encodeOnly(row, "decode never reads it: __swp_offset() shifts left")
        : misread(row),
    ),
  misreads: [
    decodeOnly(swpOffset(11, 0, 13), "__swp_offset() shifts left by 13, where it was to shift right"),
  ],
  uncertain:
    "which point releases of 4.4, 4.9 and 4.14 mended __swp_offset() is not settled: 4.14.5 has the bug, 4.4.147, 4.9.115 and 4.14.67 have not",
  note: "a bug of these kernels: __swp_offset() shifts left instead of right, so that no swapped page comes back",
  citation:
    "See __swp_offset() in arch/arc/include/asm/pgtable.h (as of Linux v4.2, v4.8, v4.13, v4.16 and v4.17)",
});

const rows: readonly Layout[] = [
  {
    id: "arc 6.3",
    since: "6.3",
    when: ["!CONFIG_ARC_HAS_PAE40"],
    pteBits: 32,
    fields: fields63,
    present: differs(0x200n, 0n),
    none: NONE,
    citation: EXCLUSIVE,
  },
  {
    id: "arc 6.3 PAE40",
    since: "6.3",
    when: ["CONFIG_ARC_HAS_PAE40"],
    pteBits: 64,
    longBits: 32,
    fields: [dropped(63, 32, UPPER), ...fields63],
    present: differs(0x200n, 0n),
    none: NONE_PAE,
    note: NO_PAE_612,
    citation: EXCLUSIVE,
  },
  oldMmu(2),
  oldMmu(1),
  {
    id: "arc 4.18",
    since: "4.18",
    backported: mended,
    when: ["!CONFIG_ARC_HAS_PAE40", "!CONFIG_ARC_MMU_V2", "!CONFIG_ARC_MMU_V1"],
    pteBits: 32,
    fields: fields44,
    present: differs(0x200n, 0n),
    none: NONE,
    citation: BEFORE,
  },
  {
    id: "arc 4.18 PAE40",
    since: "4.18",
    backported: mended,
    when: ["CONFIG_ARC_HAS_PAE40"],
    pteBits: 64,
    longBits: 32,
    fields: [dropped(63, 32, UPPER), ...fields44],
    present: differs(0x200n, 0n),
    none: NONE_PAE,
    citation: BEFORE,
  },
];

/** Newest first. The type is masked on encode in every release. */
export const layouts: readonly Layout[] = [
  ...rows,
  ...rows.filter(({ since }) => since === "4.18").map(unmended),
];
