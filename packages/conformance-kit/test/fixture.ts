import { readFileSync } from "node:fs";
import type { AnyDecoded, ArchBackend, ArchData, Architecture, Decoded, Layout } from "@ptekit/core";
import {
  createBackend,
  defineArch,
  differs,
  equals,
  exclusive,
  select,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";

const CITATION = "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12)";

/** The layout of arm64 from 6.10 on: a real one, to be broken in every way. */
export const layout: Layout = {
  id: "arm64 6.10",
  since: "6.10",
  pteBits: 64,
  fields: [
    spare(63, 62),
    unmasked(swpOffset(61, 12)),
    zeros(11, 11, "pte_present() reads PTE_PRESENT_INVALID"),
    unmasked(swpType(10, 6)),
    spare(5, 4),
    uffdWp(3),
    exclusive(2),
    zeros(1, 0, "pte_present() reads PTE_VALID"),
  ],
  present: differs(0x801n, 0n),
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  citation: CITATION,
};

export const data: ArchData = {
  name: "arm64",
  title: "64-bit Arm",
  header: "arch/arm64/include/asm/pgtable.h",
  layouts: [layout],
  present: [
    {
      since: "6.10",
      fields: [
        { kind: "free", high: 63, low: 59, name: "", from: 0, when: [] },
        { kind: "uffdWp", high: 58, low: 58, name: "PTE_UFFD_WP", from: 0, when: [] },
        { kind: "hardware", high: 57, low: 48, name: "x", from: 0, when: [] },
        { kind: "pfn", high: 47, low: 12, name: "pfn", from: 0, when: [] },
        { kind: "hardware", high: 11, low: 0, name: "x", from: 0, when: [] },
      ],
      reads: { write: differs(1n << 51n, 0n), dirty: differs(1n << 55n, 0n), young: differs(0x400n, 0n) },
      modify: { drops: 0xffn },
      citation: CITATION,
    },
  ],
  symbols: ["CONFIG_MIGRATION", "CONFIG_MEMORY_FAILURE", "CONFIG_DEVICE_PRIVATE"].map((name) => ({
    name,
    default: "y",
    citation: CITATION,
  })),
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 48 }],
  byteOrder: [{ order: "little" }],
};

export const arm64: Architecture = defineArch(data);

/** A backend of the real layout, changed; `defineArch` would refuse some of these. */
export function broken(change: Partial<Layout>): ArchBackend {
  return createBackend({ ...select(data, { release: "6.12" }), layout: { ...layout, ...change } });
}

/** The text of a file that stands in packages/arch/arm64. */
export const textOf = (name: string): string =>
  readFileSync(new URL(`../../arch/arm64/${name}`, import.meta.url), "utf8");

/** What a backend says, with every key that an answer can have. */
export const loose = (backend: ArchBackend, pte: bigint): AnyDecoded => backend.decode(pte);

/** An answer as a broken backend would give it. */
export const lie = (answer: object): Decoded => answer as Decoded;
