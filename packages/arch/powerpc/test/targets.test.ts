import { powerpc } from "@ptekit/powerpc";
import { describe, expect, it } from "vitest";

const idOf = (config: Record<string, "y" | "n">, release = "6.12", cpu: string[] = []): string =>
  powerpc.for({ release, config, cpu }).layout.id;

describe("powerpc without a whole .config", () => {
  it("is a server with radix and 4K pages", () => {
    expect(idOf({})).toBe("powerpc 5.19 radix 4K");
    expect(idOf({ CONFIG_PPC_64K_PAGES: "y" }, "6.12", ["hash"])).toBe("powerpc 5.19 hash 64K");
    expect(idOf({ CONFIG_PPC_RADIX_MMU: "n" })).toBe("powerpc 5.19 hash 4K");
  });

  it("one symbol of the choice of processors is enough", () => {
    expect(idOf({ CONFIG_PPC32: "y" })).toBe("powerpc 6.3 book3s32");
    expect(idOf({ CONFIG_PPC_BOOK3S_32: "y", CONFIG_PTE_64BIT: "y" })).toBe("powerpc 6.3 book3s32 PTE_64BIT");
    expect(idOf({ CONFIG_PPC_85xx: "y" })).toBe("powerpc 6.3 85xx PTE_64BIT");
    expect(idOf({ CONFIG_PPC_8xx: "y", CONFIG_PPC_16K_PAGES: "y" })).toBe("powerpc 6.3 8xx 16K");
    expect(idOf({ CONFIG_44x: "y" }, "6.1")).toBe("powerpc 5.10 44x");
    expect(idOf({ CONFIG_PPC_BOOK3E_64: "y" })).toBe("powerpc 6.3 book3e64");
  });

  it("85xx with 32-bit PTEs and 40x end where their support went", () => {
    expect(() => idOf({ CONFIG_PPC_85xx: "y", CONFIG_PTE_64BIT: "n" }, "7.2")).toThrow("support went in 7.0");
    expect(() => idOf({ CONFIG_40x: "y" }, "7.2")).toThrow("support went in 6.12");
  });
});

describe("powerpc in memory", () => {
  it("set_pte() keeps _PAGE_HASHPTE on book3s32", () => {
    const backend = powerpc.for({ release: "6.12", config: { CONFIG_PPC32: "y" } });
    const pte = backend.encode({ type: 1, offset: 1n });
    expect(backend.stored(pte, 0x2n)).toBe(pte | 0x2n);
    expect(backend.decode(pte | 0x2n)).toMatchObject({ type: 1, offset: 1n });
  });

  it("8xx with 16K pages stores a PTE four times", () => {
    const backend = powerpc.for({
      release: "6.12",
      config: { CONFIG_PPC_8xx: "y", CONFIG_PPC_16K_PAGES: "y" },
    });
    expect(Buffer.from(backend.toBytes(0x108n)).toString("hex")).toBe("00000108".repeat(4));
  });

  it("book3s64 stores PTEs in big-endian order, on ppc64le too", () => {
    expect(powerpc.for({ release: "6.12" }).kernel.byteOrder).toBe("big");
  });
});

// _swap_info_get: Bad swap file entry 64cccccc, pte:cccccccc (6.0.0-rc2, PowerMac G4)
it("a PTE full of the poison 0xcc reads as the kernel printed it", () => {
  const backend = powerpc.for({ release: "6.0.0-rc2", config: { CONFIG_PPC32: "y" } });
  expect(backend.toSwpEntry(0xccccccccn)).toBe(0x64ccccccn);
});
