// Whole tables are read by halves: of any word, that must be what decode says.
import { loadAll } from "@ptekit/all";
import type { ArchBackend, HalvesReader } from "@ptekit/core";
import { halvesReader, PtekitError, turningPoints } from "@ptekit/core";
import { expect, it } from "vitest";

const archs = await loadAll();
const LOW = 0xffff_ffffn;

function backendsOf(arch: (typeof archs)[number]): ArchBackend[] {
  return turningPoints(arch).flatMap((release) => {
    try {
      return [arch.for({ release })];
    } catch (error) {
      if (error instanceof PtekitError) return [];
      throw error;
    }
  });
}

/** Words with few bits, with many, and of swap types that mean something. */
function wordsOf(backend: ArchBackend): bigint[] {
  const bits = backend.layout.pteBits;
  let state = 88_172_645_463_325_252n;
  const random = (): bigint => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    return BigInt.asUintN(bits, state);
  };
  const single = Array.from({ length: bits }, (_, bit) => 1n << BigInt(bit));
  const typed = Array.from({ length: backend.maxType + 1 }, (_, type) =>
    backend.encode({ type, offset: BigInt.asUintN(8, random()) }),
  );
  return [
    0n,
    ...single,
    ...typed,
    ...Array.from({ length: 200 }, (_, i) => (i % 2 ? random() : random() & random())),
  ];
}

/** What both say of a word, as text. */
function said(backend: ArchBackend, reader: HalvesReader, word: bigint): [string, string] {
  const [low, high] = [Number(word & LOW) | 0, Number(word >> 32n) | 0];
  const answer = backend.decode(word);
  const byHalves = reader.isNone(low, high) ? "none" : reader.isPresent(low, high) ? "present" : "entry";
  if (answer.kind === "none" || answer.kind === "present") return [byHalves, answer.kind];
  const type = reader.type(low, high);
  const offsetLow = reader.offset.low(low, high) >>> 0;
  const offset = (BigInt(reader.offset.high(low, high) >>> 0) << 32n) | BigInt(offsetLow);
  const { uffdWp, softDirty, exclusive } = reader.flags;
  const kind = reader.kinds[type] ?? "unassigned";
  const markers = kind === "marker" ? reader.markers(offsetLow) : [];
  return [
    [
      byHalves,
      kind,
      type,
      offset,
      exclusive(low, high),
      softDirty(low, high),
      uffdWp(low, high),
      markers,
    ].join(),
    [
      "entry",
      answer.kind,
      answer.type,
      answer.offset,
      answer.exclusive,
      answer.softDirty,
      answer.uffdWp,
      answer.kind === "marker" ? answer.markers : [],
    ].join(),
  ];
}

it.each(archs.map((arch) => [arch.name, arch] as const))("%s", (_, arch) => {
  for (const backend of backendsOf(arch)) {
    const reader = halvesReader(backend);
    const answers = wordsOf(backend).map((word) => said(backend, reader, word));
    expect(answers.map(([byHalves]) => byHalves)).toEqual(answers.map(([, decoded]) => decoded));
  }
});

it("refuses what is no backend", () => {
  expect(() => halvesReader({} as ArchBackend)).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT" }));
});
