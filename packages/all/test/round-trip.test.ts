// encode(decode(pte)) gives pte back for every word that a kernel wrote: its macros in the vector files, the kernel itself
// in the tables of running machines.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { loadAll } from "@ptekit/all";
import type { ArchBackend, Architecture, FileHead } from "@ptekit/core";
import { hex, maskOf, matches, rowsOf, targetOfHead } from "@ptekit/core";
import { describe, expect, it } from "vitest";

type Row = Readonly<Record<string, unknown>>;
interface File extends FileHead {
  readonly rows?: readonly Row[];
  readonly decode?: readonly Row[];
  readonly encode?: readonly Row[];
  readonly special?: readonly Row[];
  readonly markers?: readonly Row[];
}

const filesOf = (name: string, kind: "vectors" | "live"): { file: string; head: File }[] => {
  const folder = new URL(`../../arch/${name}/${kind}/`, import.meta.url);
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({ file, head: JSON.parse(readFileSync(new URL(file, folder), "utf8")) }));
};

/** The words of a row: `pte`, and the same with each flag or age. */
const wordsOf = (row: Row): bigint[] =>
  Object.entries(row).flatMap(([key, value]) =>
    /^pte($|[A-Z])/.test(key) && typeof value === "string" ? [BigInt(value)] : [],
  );

/** The word that comes back; null where that kernel itself reads it as no entry, which its exceptions say. */
function back(backend: ArchBackend, pte: bigint): bigint | null {
  const said = backend.decode(pte);
  const { exceptions = [] } = backend.layout;
  if (exceptions.some(({ words }) => matches(words, pte))) return null;
  return said.kind === "present" ? null : backend.encode({ ...said, pte: 0n });
}

/** Every word of some rows that does not come back, at full width. */
function lost(arch: Architecture, head: File, rows: readonly Row[]): { words: number; lost: string[] } {
  const target = targetOfHead(arch, head);
  const backends = new Map<unknown, ArchBackend>();
  const found: string[] = [];
  const kernelsNone = new Set(
    (head.decode ?? []).filter(({ none }) => none).map(({ pte }) => BigInt(String(pte))),
  );
  let words = 0;
  for (const row of rows) {
    const backend =
      backends.get(row.cpu) ?? arch.for(row.cpu === undefined ? target : { ...target, cpu: String(row.cpu) });
    backends.set(row.cpu, backend);
    for (const pte of wordsOf(row)) {
      const got = back(backend, pte);
      // csky 5.0 writes type 4 with offset 0 as a word that its pte_none() takes for empty: the entry is lost in the kernel.
      if (got === null || kernelsNone.has(pte)) continue;
      words++;
      if (got !== pte) found.push(`${hex(pte, 64)} comes back as ${hex(got, 64)}`);
    }
  }
  return { words, lost: found };
}

// An architecture without files says "read from headers" in its README.
const proven = (await loadAll()).filter(({ name }) => filesOf(name, "vectors").length > 0);

describe.each(proven.map((arch) => [arch.name, arch] as const))("%s", (name, arch) => {
  it.each(filesOf(name, "vectors"))("what the macros of $file wrote comes back", ({ head }) => {
    const { encode = [], special = [], markers = [] } = head;
    const { words, lost: none } = lost(arch, head, [...encode, ...special, ...markers]);
    expect(none).toEqual([]);
    expect(words).toBeGreaterThan(0);
  });

  it.each(filesOf(name, "live"))("what the kernel of $file stored comes back, stored again", ({ head }) => {
    const backend = arch.for(targetOfHead(arch, head));
    for (const row of head.rows ?? []) {
      const pte = BigInt(row.pte as string);
      const entry = back(backend, pte);
      if (entry === null || backend.decode(pte).kind === "none") continue;
      // What set_pte() sets, user-mode Linux clears again when the host's mapping is what the entry says.
      const stored = backend.stored(entry, pte);
      const cleared = rowsOf(backend.layout, "setPte")
        .filter((row) => row.stored !== "kept")
        .reduce((word, row) => word & ~maskOf(row), stored);
      expect([hex(stored, 64), hex(cleared, 64)]).toContain(hex(pte, 64));
    }
  });
});

it("most architectures have files", () => {
  expect(proven.length).toBeGreaterThan(20);
});
