// Bits that have a second name in an entry under PROT_NONE: the words of PAGE_NONE as the headers of each have it.
import { load } from "@ptekit/all";
import { meaningOf, presentFlags, presentRulerRows, ruler } from "@ptekit/core";
import { expect, it } from "vitest";

const cases = [
  ["x86_64", "6.12", 0x160n, "_PAGE_PROTNONE", 0x161n, "_PAGE_GLOBAL"],
  ["i386", "6.12", 0x160n, "_PAGE_PROTNONE", 0x161n, "_PAGE_GLOBAL"],
  ["riscv", "6.12", 0x20n, "_PAGE_PROT_NONE", 0x21n, "_PAGE_GLOBAL"],
  ["riscv", "5.10", 0x2n, "_PAGE_PROT_NONE", 0x3n, "_PAGE_READ"],
  ["m68k", "6.12", 0x4n, "_PAGE_PROTNONE", 0x5n, "_PAGE_RONLY"],
  ["arm64", "6.12", 0x60_0000_0000_0f82n, "PTE_PRESENT_INVALID", 0x60_0000_0000_0fc3n, "PTE_NG"],
] as const;

it.each(cases)("%s %s: %x is PROT_NONE by %s", async (name, release, none, shared, valid, own) => {
  const backend = (await load(name)).for({ release });
  expect(presentFlags(backend, none)).toContain(shared);
  expect(presentFlags(backend, none)).not.toContain(own);
  expect(meaningOf(backend, backend.decode(none))).toMatch(/^present, PROT_NONE, pfn /);
  expect(presentFlags(backend, valid)).toContain(own);
  expect(presentFlags(backend, valid)).not.toContain(shared);
  expect(meaningOf(backend, backend.decode(valid))).toMatch(/^present, pfn /);
});

it("a PFN that is stored inverted is drawn so, and no other", async () => {
  const { present } = (await load("x86_64")).for({ release: "6.12" });
  const drawn = (pte?: bigint): string => (present ? ruler(presentRulerRows(present, pte), 64) : "");
  expect(drawn(0x17c0n)).toContain(" ~pfn ");
  expect(drawn(0x17c1n)).not.toContain("~pfn");
  expect(drawn()).not.toContain("~pfn");
});
