import type { Field, Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked } from "@ptekit/core";
import { G, P, V } from "./rows.ts";

const PGTABLE_64 = "arch/mips/include/asm/pgtable-64.h";

/** Where _PAGE_GLOBAL stands, right below _PAGE_VALID: NO_EXEC (RIXI) and HUGE push it up. */
const kinds = [
  { name: "RIXI, huge", when: ["CONFIG_CPU_HAS_RIXI", "CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 8 },
  { name: "RIXI", when: ["CONFIG_CPU_HAS_RIXI", "!CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 7 },
  { name: "huge", when: ["!CONFIG_CPU_HAS_RIXI", "CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 7 },
  { name: "", when: ["!CONFIG_CPU_HAS_RIXI", "!CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 6 },
] as const;

type Kinds = readonly { readonly name: string; readonly when: readonly string[]; readonly global: number }[];

/** The layouts of a release; `type` are its bits 23 to 16, `below` how much lower _PAGE_GLOBAL is. */
const all = (
  since: string,
  type: readonly Field[],
  citation: string,
  below = 0,
  of: Kinds = kinds,
): Layout[] =>
  of
    .map(({ name, when, global: highest }) => [highest - below, name, when] as const)
    .map(([global, name, when]) => ({
      id: `mips ${since} 64-bit${name === "" ? "" : ` ${name}`}`,
      since,
      when: ["CONFIG_64BIT", ...when],
      pteBits: 64,
      fields: [
        swpOffset(63, 24),
        ...type,
        spare(15, global + 2, "the header draws it as 0"),
        V(global + 1),
        G(global),
        spare(global - 1, 1, "the header draws it as 0"),
        P(0),
      ],
      present: differs(0x1n, 0n),
      none: equals(0xffff_ffff_ffff_ffffn ^ (1n << BigInt(global)), 0n),
      citation,
    }));

// Before 4.7 the second release of the instruction set decides, and _PAGE_SPLITTING stands above _PAGE_HUGE.
const before47 = [
  { name: "R2, huge", when: ["CONFIG_CPU_MIPSR2", "CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 8 },
  { name: "R2", when: ["CONFIG_CPU_MIPSR2", "!CONFIG_MIPS_HUGE_TLB_SUPPORT"], global: 6 },
  { name: "", when: ["!CONFIG_CPU_MIPSR2"], global: 5 },
] as const;

/** Newest first. */
export const layouts64: readonly Layout[] = [
  // With RIXI and huge pages:
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --- offset ---> E <-- type ---> X X X X X X 0 0 X X X X X X X 0
  ...all("6.3", [exclusive(23), swpType(22, 16)], `See mk_swap_pte() in ${PGTABLE_64} (as of Linux v6.12)`),
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --- offset ---> <--- type ----> X X X X X X 0 0 X X X X X X X 0
  ...all(
    "5.4",
    [unmasked(swpType(23, 16))],
    `See mk_swap_pte() in ${PGTABLE_64} (as of Linux v5.4 and v5.10)`,
  ),
  // Without _PAGE_SPECIAL below _PAGE_GLOBAL:
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --- offset ---> <--- type ----> X X X X X X X 0 0 X X X X X X 0
  ...all(
    "4.7",
    [unmasked(swpType(23, 16))],
    "See _PAGE_GLOBAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v4.7, v4.20 and v5.3)",
    1,
  ),
  ...all(
    "4.2",
    [unmasked(swpType(23, 16))],
    "See _PAGE_GLOBAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v4.2)",
    0,
    before47,
  ).map((layout) => ({
    ...layout,
    uncertain: "the headers of v4.5 and v4.6, where _PAGE_SPLITTING may be gone already, were not read",
  })),
];
