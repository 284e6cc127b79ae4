import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Architecture, DecodedMigration } from "@ptekit/core";
import { targetOfHead } from "@ptekit/core";
import { describe, expect, it } from "vitest";

// Migration entries caught in running kernels: what pagemap had said of the page before, and the word that stood there.

const packages = new URL("../../arch/", import.meta.url);

interface Caught {
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly cpu?: string;
  readonly rows: readonly {
    readonly region: string;
    readonly pte: string;
    readonly pteBefore?: string;
    readonly pagemapBefore: string;
  }[];
}

const files = readdirSync(packages).flatMap((name) => {
  const folder = new URL(`${name}/migrating/`, packages);
  return existsSync(folder) ? readdirSync(folder).map((file) => ({ name, file: new URL(file, folder) })) : [];
});

const bit = (word: bigint, at: bigint): boolean => ((word >> at) & 1n) === 1n;

describe.each(files)("$name $file.pathname", async ({ name, file }) => {
  const { default: arch }: { default: Architecture } = await import(`@ptekit/${name}`);
  const caught: Caught = JSON.parse(readFileSync(file, "utf8"));
  const backend = arch.for(targetOfHead(arch, caught));
  const isPmd = file.pathname.includes("/pmd-");
  const reader = isPmd ? backend.at("pmd", "thp") : backend;
  const said = (word: string): DecodedMigration =>
    (reader ?? expect.unreachable()).decode(BigInt(word)) as DecodedMigration;

  it("each entry is a migration entry of the page that pagemap had named, with its flags", () => {
    for (const { pte, pagemapBefore } of caught.rows) {
      const before = BigInt(pagemapBefore);
      const entry = said(pte);
      expect([pte, entry.kind, entry.pfn]).toEqual([pte, "migration", before & ((1n << 55n) - 1n)]);
      if (backend.layout.fields.some((row) => row.kind === "softDirty"))
        expect([pte, entry.softDirty]).toEqual([pte, bit(before, 55n)]);
      if (backend.layout.fields.some((row) => row.kind === "uffdWp"))
        expect([pte, entry.uffdWp]).toEqual([pte, bit(before, 57n)]);
    }
    expect(caught.rows.length).toBeGreaterThan(0);
  });

  it("access, young and dirty are those of the PTE before", () => {
    for (const { pte, pteBefore } of caught.rows) {
      if (pteBefore === undefined) continue;
      const before = (reader ?? expect.unreachable()).decode(BigInt(pteBefore));
      if (before.kind !== "present" || before.pfn !== said(pte).pfn) continue;
      const entry = said(pte);
      expect([pte, entry.access === "write"]).toEqual([pte, before.write]);
      if (backend.kernel.migrationAd === true)
        expect([pte, entry.young, entry.dirty]).toEqual([pte, before.young, before.dirty]);
    }
  });
});
