import { i386 } from "@ptekit/i386";
import { describe, expect, it } from "vitest";

// Lines that real kernels printed: the PTE, and the swp_entry_t that a kernel with the mistake read from it.
describe("the bits that were not spare on i386", () => {
  it("5.7-rc cleared bit 2 as uffd-wp: pte:17042c3c is a migration entry, not type 28", () => {
    const backend = i386.for({ release: "5.6" });
    expect(backend.decode(0x17042c3cn)).toMatchObject({ kind: "migration", type: 30, pfn: 0xb8216n });
    expect(backend.toSwpEntry(0x17042c3cn & ~(1n << 2n))).toBe(0x700b8216n);
    expect(backend.decode(0x0ee8543cn)).toMatchObject({ kind: "migration", type: 30, pfn: 0x7742an });
    expect(backend.toSwpEntry(0x0ee8543cn & ~(1n << 2n))).toBe(0x7007742an);
  });

  it("linux-next before 5.19 cleared bit 3 as exclusive: pte:0128003e is type 31, not type 27", () => {
    const backend = i386.for({ release: "5.18" });
    expect(backend.decode(0x0128003en)).toMatchObject({ type: 31, offset: 0x9400n });
    expect(backend.toSwpEntry(0x0128003en & ~(1n << 3n))).toBe(0x6c009400n);
  });

  it("bits 2 and 3 are inside the type field, bits 6 and 7 were free", () => {
    const { bits, free } = i386.for({ release: "5.18" }).spareBits();
    for (const bit of [2, 3]) {
      expect(bits.find((claim) => claim.bit === bit)?.sentence).toBe(`bit ${bit} is inside the type field`);
    }
    expect(free).toEqual([6, 7]);
  });

  it("PAE keeps 26 bits of offset, as swp_entry_t does", () => {
    const backend = i386.for({ release: "6.12", config: { CONFIG_X86_PAE: "y" } });
    expect(backend.maxOffset).toBe(0x3ff_ffffn);
    expect(backend.spareBits().free).toEqual([1, 2, 3, 4]);
  });
});
