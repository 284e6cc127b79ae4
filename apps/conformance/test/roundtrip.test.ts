import { subjectsOf } from "@ptekit/conformance-kit";
import type { ArchBackend } from "@ptekit/core";
import { FLAG_NAMES, maskOf, rowsOf } from "@ptekit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { archs } from "../src/archs.js";

/** Bits that encode never sets, whatever it is given: words with one of them set decode but are never written. */
function neverWritten({ layout }: ArchBackend): bigint {
  const kinds = ["zeros", "spare", "hardware", "dropped"] as const;
  return kinds
    .flatMap((kind) => rowsOf(layout, kind))
    .concat(layout.fields.filter((row) => row.access === "decode"))
    .reduce((mask, row) => mask | maskOf(row), 0n);
}

/** Every word that the kernel writes: one that is decoded as swap or special, with the constant bits as they are. */
function written(backend: ArchBackend, word: bigint): bigint {
  const ones = rowsOf(backend.layout, "ones").reduce((mask, row) => mask | maskOf(row), 0n);
  return (word | ones) & ~neverWritten(backend);
}

const wordsOf = (backend: ArchBackend): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(backend.layout.pteBits)) - 1n });

// The two subjects of a layout have the same fields but for absent flags.
describe.each(archs.map((arch) => [arch.name, arch] as const))("%s", (_, arch) => {
  for (const { label, backend } of subjectsOf(arch)) {
    it(`${label}: decode answers every word`, () => {
      fc.assert(
        fc.property(wordsOf(backend), (pte) => {
          const read = backend.decode(pte);
          expect(read.pte).toBe(pte);
          expect(read.type === undefined).toBe(read.kind === "none" || read.kind === "present");
        }),
        { numRuns: 60 },
      );
    });

    it(`${label}: a word that the kernel writes encodes back`, () => {
      fc.assert(
        fc.property(wordsOf(backend), (word) => {
          const pte = written(backend, word);
          const { type, offset, ...read } = backend.decode(pte);
          if (type === undefined || offset === undefined || type > backend.maxType) return;
          if (offset > backend.maxOffset) return;
          const flags = Object.fromEntries(FLAG_NAMES.map((flag) => [flag, read[flag] === true]));
          expect(backend.encode({ type, offset, ...flags })).toBe(pte);
        }),
        { numRuns: 60 },
      );
    });
  }
});
