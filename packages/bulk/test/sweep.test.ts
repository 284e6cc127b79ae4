import type { Sweep } from "@ptekit/bulk";
import { compileSweep } from "@ptekit/bulk";
import type { ArchBackend } from "@ptekit/core";
import { FLAG_NAMES, PtekitError } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { scalarRow } from "./agreement.ts";
import { architectures, backendsOf, syntheticBackends } from "./backends.ts";

const archs = await architectures();
const arm = archs.find(({ name }) => name === "arm")?.for({ release: "6.12" });
const x86 = archs.find(({ name }) => name === "x86_64")?.for({ release: "6.12" });
if (!arm || !x86) throw new Error("arm or x86_64 is missing");

const isNarrow = ({ layout }: ArchBackend): boolean => layout.pteBits === 32;

/** Where types, flags and signs change; each range is some hundred words. */
const RANGES = [0, 0x7fff_ff80, 0x1234_5680, 0xabcd_ef40, 0xffff_ff00];
const COUNT = 256;

/** What core's scalar codec says of the same words, added up. */
function expected(backend: ArchBackend, first: number): Sweep {
  const sum = { nones: 0, entries: 0, same: 0, check: 0 };
  for (let word = first; word < first + COUNT; word++) {
    const { kind, type, offset, flags } = scalarRow(backend, BigInt(word));
    sum.check = (sum.check + kind + type + Number(offset) + flags) % 2 ** 32;
    if (kind === 0) sum.nones++;
    if (kind < 2) continue;
    sum.entries++;
    const names = FLAG_NAMES.filter((flag, bit) => ((flags >> bit) & 1) === 1 && writes(backend, flag));
    const entry = { type, offset, ...Object.fromEntries(names.map((name) => [name, true])) };
    if (backend.encode(entry, { overflow: "truncate" }) === BigInt(word)) sum.same++;
  }
  return sum;
}

const writes = ({ layout }: ArchBackend, flag: string): boolean =>
  layout.fields.some((row) => row.kind === flag && row.access !== "decode");

async function expectSweep(backend: ArchBackend): Promise<void> {
  const sweep = await compileSweep(backend);
  for (const first of RANGES) expect(sweep(first, COUNT), `from ${first}`).toEqual(expected(backend, first));
}

describe("the sweep of 32-bit words", () => {
  const narrow = archs.flatMap(backendsOf).filter(isNarrow);
  it.each(narrow.map((backend) => [`${backend.layout.id}, ${backend.kernel.release}`, backend] as const))(
    "%s: sums are those of core's codec",
    (_, backend) => expectSweep(backend),
  );

  it.each(
    syntheticBackends(x86)
      .filter(isNarrow)
      .map((backend) => [backend.layout.id, backend] as const),
  )("%s: sums are those of core's codec", (_, backend) => expectSweep(backend));

  it("refuses PTEs of 64 bits, and counts that are no multiple of 16 below 2^32", async () => {
    await expect(compileSweep(x86)).rejects.toThrow(/^x86_64 5.19: its PTEs are too many/);
    const sweep = await compileSweep(arm);
    for (const count of [0, 8, 17, 2 ** 32, Number.NaN]) {
      expect(() => sweep(0, count)).toThrow(PtekitError);
    }
  });
});
