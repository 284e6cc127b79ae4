import type { Layout, LayoutException } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, zeros } from "@ptekit/core";

const PRESENT = differs(0x200_0000n, 0n);
const PRESENT_BIT = "pte_present() reads _PAGE_PRESENT";
const GLOBAL =
  "the header asks for 0; nothing reads them in an entry that is not present. Bit 20 is _PAGE_GLOBAL, which pte_none() ignores";
// An empty PTE holds address bits in its low nibble.
const NONE = equals(0xffef_fff0n, 0n);

const noneInTheOffset: LayoutException = {
  property: "what encode writes is neither none nor present",
  words: NONE,
  reason: "pte_none() ignores bits 3:0, which belong to the offset: type 0 with offsets 0 to 15 is none",
  citation: "See pte_none() in arch/nios2/include/asm/pgtable.h (as of Linux v6.12)",
};

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "nios2 6.3",
    since: "6.3",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // E < type -> 0 X X X X X <-------------- offset --------------->
    fields: [
      exclusive(31),
      swpType(30, 26),
      zeros(25, 25, PRESENT_BIT),
      spare(24, 20, GLOBAL),
      swpOffset(19, 0),
    ],
    present: PRESENT,
    none: NONE,
    exceptions: [noneInTheOffset],
    citation: `Linux kernel commit 0a9ad8273ff4 ("nios2/mm: refactor swap PTE layout") (in v6.3) and Linux kernel commit 4d1d955f7c0c ("nios2/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "nios2 4.2",
    since: "4.2",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X t t 0 X X X X X <-------------- offset --------------->
    fields: [
      spare(31, 28, "the header asks for 0; hardware ignores them"),
      swpType(27, 26),
      zeros(25, 25, PRESENT_BIT),
      spare(24, 20, GLOBAL),
      swpOffset(19, 0),
    ],
    present: PRESENT,
    none: NONE,
    exceptions: [
      noneInTheOffset,
      {
        property: "all 32 types fit",
        words: equals(0xc00_0000n, 0xc00_0000n),
        reason: "two bits of type: type 31 is stored as type 3",
        citation: "See __swp_entry() in arch/nios2/include/asm/pgtable.h (as of Linux v6.1)",
      },
    ],
    note: "two bits of type: the kernel cuts types above 3, and so every migration entry, to their lowest two bits",
    citation: "See __swp_entry() in arch/nios2/include/asm/pgtable.h (as of Linux v6.1)",
  },
];
