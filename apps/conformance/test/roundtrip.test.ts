import { loadAll } from "@ptekit/all";
import { subjectsOf } from "@ptekit/conformance-kit";
import type { AnyDecoded, ArchBackend, FlagName, SwapEntry } from "@ptekit/core";
import { FLAG_NAMES, losesWhatItWrites, matches, rowsOf } from "@ptekit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** The flags that encode can write and decode can read. */
const flagsOf = ({ layout }: ArchBackend): FlagName[] =>
  FLAG_NAMES.filter((flag) => rowsOf(layout, flag).some((row) => row.access === "both"));

/** Every entry that the kernel writes: what it cannot write decodes too, but is nobody's answer. */
const entriesOf = (backend: ArchBackend): fc.Arbitrary<SwapEntry> =>
  fc.record({
    type: fc.integer({ min: 0, max: Math.min(backend.maxType, 31) }),
    offset: fc.bigInt({ min: 0n, max: backend.maxOffset }),
    ...Object.fromEntries(flagsOf(backend).map((flag) => [flag, fc.boolean()])),
  });

const wordsOf = (backend: ArchBackend): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(backend.layout.pteBits)) - 1n });

describe.each((await loadAll()).map((arch) => [arch.name, arch] as const))("%s", (_, arch) => {
  for (const { label, backend } of subjectsOf(arch)) {
    it(`${label}: decode answers every word`, () => {
      fc.assert(
        fc.property(wordsOf(backend), (pte) => {
          const read: AnyDecoded = backend.decode(pte);
          expect(read.pte).toBe(pte);
          expect(read.type === undefined).toBe(read.kind === "none" || read.kind === "present");
        }),
        { numRuns: 60 },
      );
    });

    if (losesWhatItWrites(backend.layout)) {
      it(`${label}: what the kernel writes never comes back, as its layout says`, () => {
        const pte = backend.encode({ type: 1, offset: 0x1234n });
        expect(backend.decode(pte)).not.toMatchObject({ type: 1, offset: 0x1234n });
      });
      continue;
    }

    it(`${label}: a word that the kernel writes encodes back`, () => {
      fc.assert(
        fc.property(entriesOf(backend), (entry) => {
          const pte = backend.encode(entry);
          const read = backend.decode(pte);
          // None or present: the properties and the layout's exceptions say where that may be.
          if (read.kind === "none" || read.kind === "present") return;
          // Words on which that kernel is wrong: conformance proves that they are these and no others.
          if (backend.layout.exceptions?.some(({ words }) => matches(words, pte))) return;
          expect(backend.encode(read)).toBe(pte);
          expect(backend.encode({ ...read, pte: 0n })).toBe(pte);
        }),
        { numRuns: 60 },
      );
    });
  }
});
