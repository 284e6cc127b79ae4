// Three small architectures with layouts of real kernels, so that expected words can come from their headers and
// vectors. Core knows no architecture: the packages themselves cannot be imported here.
import type { AnyDecoded, ArchBackend, ArchData, Architecture, Layout } from "@ptekit/core";
import {
  defineArch,
  differs,
  dropped,
  equals,
  exclusive,
  free,
  hardware,
  inverted,
  mmu,
  pfn,
  presentUffdWp,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";

const P = "pte_present() reads it";
export const CITATION = "See __swp_entry() in arch/x/include/asm/pgtable.h (as of Linux v6.12)";
const cited = { citation: CITATION };

/** What every present layout says of what is read and what pte_modify() keeps. */
export const modified = {
  reads: { write: differs(2n, 0n), dirty: differs(0x40n, 0n), young: differs(0x20n, 0n) },
  modify: { keeps: 0x60n },
} as const;
const ALL32 = 0xffff_ffffn;
const ALL64 = 0xffff_ffff_ffff_ffffn;

export const arm63: Layout = {
  id: "arm 6.3",
  since: "6.3",
  when: ["!CONFIG_ARM_LPAE"],
  pteBits: 32,
  fields: [swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 0, P)],
  present: differs(1n, 0n),
  none: equals(ALL32, 0n),
  ...cited,
};

export const armLpae63: Layout = {
  ...arm63,
  id: "arm 6.3 LPAE",
  when: ["CONFIG_ARM_LPAE"],
  pteBits: 64,
  longBits: 32,
  fields: [dropped(63, 32, "swp_entry_t is 32 bits wide"), ...arm63.fields],
  present: differs(3n, 0n),
  none: equals(ALL64, 0n),
};

const arm40: Layout = {
  ...arm63,
  id: "arm 4.0",
  since: "4.0",
  fields: [swpOffset(31, 7), unmasked(swpType(6, 2)), zeros(1, 0, P)],
};

const base: Pick<ArchData, "header" | "byteOrder"> = {
  header: "arch/x/include/asm/pgtable.h",
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
};
const y = (name: string, more: object = {}) => ({ name, default: "y" as const, ...cited, ...more });
const n = (name: string, more: object = {}) => ({ name, default: "n" as const, ...cited, ...more });

export const armData: ArchData = {
  ...base,
  name: "arm",
  title: "32-bit Arm",
  layouts: [arm63, armLpae63, arm40],
  symbols: [n("CONFIG_ARM_LPAE"), y("CONFIG_MIGRATION"), n("CONFIG_CPU_BIG_ENDIAN")],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 64, when: ["CONFIG_ARM_LPAE"] }, { bits: 32 }],
};
export const arm: Architecture = defineArch(armData);

const arm64610: Layout = {
  id: "arm64 6.10",
  since: "6.10",
  pteBits: 64,
  fields: [
    spare(63, 62),
    unmasked(swpOffset(61, 12)),
    zeros(11, 11, P),
    unmasked(swpType(10, 6)),
    spare(5, 4),
    uffdWp(3, "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
    exclusive(2),
    zeros(1, 0, P),
  ],
  present: differs(0x801n, 0n),
  none: equals(ALL64, 0n),
  ...cited,
};

const arm64519: Layout = {
  ...arm64610,
  id: "arm64 5.19",
  since: "5.19",
  fields: [
    spare(63, 59),
    zeros(58, 58, P),
    unmasked(swpOffset(57, 8)),
    unmasked(swpType(7, 3)),
    exclusive(2),
    zeros(1, 0, P),
  ],
  present: differs(0x0400_0000_0000_0001n, 0n),
};

const arm6440: Layout = {
  ...arm64519,
  id: "arm64 4.0",
  since: "4.0",
  fields: [
    spare(63, 59),
    zeros(58, 58, P),
    unmasked(swpOffset(57, 8)),
    unmasked(swpType(7, 2)),
    zeros(1, 0, P),
  ],
};

export const arm64: Architecture = defineArch({
  ...base,
  name: "arm64",
  title: "64-bit Arm",
  layouts: [arm64610, arm64519, arm6440],
  present: [
    {
      since: "6.10",
      when: ["CONFIG_ARM64_64K_PAGES"],
      // PA bits 51:48 sit in 15:12.
      fields: [
        free(63, 63),
        mmu(62, 59, "x"),
        presentUffdWp(58, "PTE_UFFD_WP", "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
        mmu(57, 48, "x"),
        pfn(47, 16),
        pfn(15, 12, 32),
        mmu(11, 0, "x"),
      ],
      ...modified,
      ...cited,
    },
  ],
  symbols: [
    y("CONFIG_MIGRATION"),
    y("CONFIG_MEMORY_FAILURE"),
    y("CONFIG_DEVICE_PRIVATE"),
    y("CONFIG_HAVE_ARCH_USERFAULTFD_WP", { since: "6.10" }),
    y("CONFIG_ARM64_4K_PAGES", { choice: "page size" }),
    n("CONFIG_ARM64_16K_PAGES", { choice: "page size" }),
    n("CONFIG_ARM64_64K_PAGES", { choice: "page size" }),
    { name: "CONFIG_ARM64_PA_BITS", default: 48, values: [48, 52], ...cited },
    n("CONFIG_CPU_BIG_ENDIAN"),
  ],
  cpus: [{ name: "lpa2", since: "6.9", when: ["!CONFIG_ARM64_64K_PAGES"], ...cited }],
  pageShift: [
    { shift: 16, when: ["CONFIG_ARM64_64K_PAGES"] },
    { shift: 14, when: ["CONFIG_ARM64_16K_PAGES"] },
    { shift: 12 },
  ],
  physBits: [
    { bits: 52, when: ["lpa2"] },
    { bits: 52, when: ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"] },
    { bits: 48 },
  ],
});

const x86519: Layout = {
  id: "x86_64 5.19",
  since: "5.19",
  pteBits: 64,
  fields: [
    swpType(63, 59),
    inverted(swpOffset(58, 9)),
    zeros(8, 7, P),
    hardware(6, 5, "A and D"),
    spare(4, 4),
    exclusive(3),
    uffdWp(2, "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
    spare(1, 1),
    zeros(0, 0, P),
  ],
  present: differs(0x101n, 0n),
  none: equals(0xffff_ffff_ffff_ff9fn, 0n),
  ...cited,
};

const x8648: Layout = {
  ...x86519,
  id: "x86_64 4.8",
  since: "4.8",
  fields: [
    swpOffset(63, 14),
    unmasked(swpType(13, 9)),
    zeros(8, 7, P),
    hardware(6, 5, "A and D"),
    spare(4, 1),
    zeros(0, 0, P),
  ],
};

export const x86: Architecture = defineArch({
  ...base,
  name: "x86_64",
  title: "x86, 64-bit",
  layouts: [
    x86519,
    {
      ...x86519,
      id: "x86_64 4.19",
      since: "4.19",
      backported: [
        { release: "4.18.1" },
        { release: "4.9.120", uncertain: "L1TF in 4.9.120 is from memory" },
      ],
      backportName: "l1tf",
    },
    x8648,
  ],
  present: [
    {
      since: "4.8",
      fields: [mmu(63, 52, "x"), pfn(51, 12), mmu(11, 0, "x")],
      ...modified,
      invertedWhere: equals(1n, 0n),
      ...cited,
    },
  ],
  symbols: [
    y("CONFIG_MIGRATION"),
    y("CONFIG_MEMORY_FAILURE"),
    y("CONFIG_DEVICE_PRIVATE", { since: "4.14", backported: [{ release: "4.12.14-5.5", vendor: "suse" }] }),
    y("CONFIG_HAVE_ARCH_USERFAULTFD_WP", { since: "5.7" }),
    y("CONFIG_PTE_MARKER", {
      since: "5.19",
      until: "6.2",
      backported: [{ release: "5.14.0-179", vendor: "el9" }],
    }),
    n("CONFIG_CPU_BIG_ENDIAN"),
  ],
  cpus: [{ name: "la57", since: "4.12", levels: 5, ...cited }],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 52, when: ["la57"] }, { bits: 46 }],
  flavours: [
    { suffix: "-amd64", until: "6.13", config: { CONFIG_DEVICE_PRIVATE: "n" }, ...cited },
    { suffix: "-amd64", since: "7.2", config: { CONFIG_DEVICE_PRIVATE: "y" }, ...cited },
  ],
});

/** What `act` throws, as `CODE: sentence`. */
export function refusal(act: () => unknown): string {
  try {
    const value = act();
    return `not refused: ${String(value)}`;
  } catch (error) {
    return String(error);
  }
}

/** What a backend says, with every key that an answer can have. */
export const loose = (backend: ArchBackend, pte: bigint): AnyDecoded => backend.decode(pte);

/** What a backend assumed where it answers, in sentences. */
export const doubts = (backend: ArchBackend, pte: bigint): string[] =>
  backend.decode(pte).assumed.map(({ sentence }) => sentence);

/** What JavaScript callers may pass where a type forbids it. */
export const untyped = <T>(value: unknown): T => value as T;
