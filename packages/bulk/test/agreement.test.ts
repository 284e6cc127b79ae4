import { compile } from "@ptekit/bulk";
import type { ArchBackend } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { disagreements, scalarRow, wordsFor } from "./agreement.ts";
import { architectures, backendsOf, syntheticBackends, vectorWords } from "./backends.ts";

const archs = await architectures();
const model = archs.find((arch) => arch.name === "x86_64")?.for({ release: "6.12" });
if (!model) throw new Error("x86_64 is missing");

// CI takes all of it; elsewhere a part, always the same one: every path of the engines is met, few words of the kernel's twice.
const IS_WHOLE = process.env.PTEKIT_WHOLE === "1";

/** Random words per architecture, spread over its layouts. */
const WORDS = IS_WHOLE ? 100_000 : 15_000;
/** One of how many words of a vector file. */
const STEP = IS_WHOLE ? 1 : 7;

async function expectAgreement(backend: ArchBackend, words: readonly bigint[]): Promise<void> {
  const rows = words.map((word) => scalarRow(backend, word));
  for (const engine of ["simd", "javascript"] as const) {
    for (const offsets of ["u64", "u32"] as const) {
      const decoder = await compile(backend, { engine, offsets });
      // Half of the words each; neither half is a whole number of the kernel's steps.
      const [from, to] = offsets === "u64" ? [words.length >> 1, words.length] : [0, (words.length >> 1) + 5];
      const found = disagreements(decoder, words.slice(from, to), rows.slice(from, to));
      expect(found, `${engine}, ${offsets}`).toEqual([]);
    }
  }
}

for (const arch of archs) {
  describe(arch.name, () => {
    it("the words of every vector file are read as core reads them, by both engines", async () => {
      for (const { backend, words } of vectorWords(arch))
        await expectAgreement(
          backend,
          words.filter((_, i) => i % STEP === 0),
        );
    });

    const backends = backendsOf(arch);
    it.each(
      backends.map(
        (backend) =>
          [`${backend.layout.id}, ${backend.kernel.release}, ${backend.kernel.byteOrder}`, backend] as const,
      ),
    )("%s: random words are read, counted and written as core does", async (_, backend) => {
      await expectAgreement(backend, wordsFor(backend, Math.ceil(WORDS / backends.length), 1));
    });
  });
}

describe("layouts that use everything a layout can say", () => {
  it.each(
    syntheticBackends(model).map(
      (backend) =>
        [backend.layout.id, backend.kernel.swpTypeShift, backend.kernel.byteOrder, backend] as const,
    ),
  )(
    "%s, SWP_TYPE_SHIFT %i, %s-endian: random words are read, counted and written as core does",
    async (_, __, ___, backend) => {
      await expectAgreement(backend, wordsFor(backend, 4003, 2));
    },
  );
});
