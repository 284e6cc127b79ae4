// Of live files that hold the way to each row: every entry on the way is checked, so that one that is wrong is found.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { loadAll } from "@ptekit/all";
import type { LiveFile } from "@ptekit/conformance-kit";
import { checkLive, parseLive } from "@ptekit/conformance-kit";
import { targetOfHead } from "@ptekit/core";
import { describe, expect, it } from "vitest";

const files = (await loadAll()).flatMap((arch) => {
  const folder = new URL(`../../../packages/arch/${arch.name}/live/`, import.meta.url);
  return (existsSync(folder) ? readdirSync(folder) : [])
    .map((file) => ({ arch, live: parseLive(file, readFileSync(new URL(file, folder), "utf8")) }))
    .filter(({ live }) => live.root !== undefined)
    .map(({ arch, live }) => ({ file: `${arch.name} ${live.file}`, arch, live: short(live) }));
});

/** One row of each 256 bytes, the smallest table that there is: all that a way takes. */
function short(live: LiveFile): LiveFile {
  const rows = new Map(live.rows.map((row) => [(row.at ?? 0n) >> 8n, row]));
  return { ...live, rows: [...rows.values()] };
}

it("there are files of many architectures", () => {
  expect(new Set(files.map(({ arch }) => arch.name)).size).toBeGreaterThan(10);
});

describe.each(files)("$file", ({ arch, live }) => {
  const wrong = (file: LiveFile): number =>
    checkLive(arch, file).mismatches.filter(({ list }) => list === "path").length;
  const { pteBits } = arch.for(targetOfHead(arch, live)).layout;

  it("leads from its root to every row", () => {
    expect(wrong(live)).toBe(0);
    expect(live.upper.length).toBeGreaterThan(0);
    expect(live.rows.every(({ at }) => at !== undefined)).toBe(true);
  });

  it("and not from another root", () => {
    const root = (live.root ?? 0n) + (1n << 20n);
    expect(live.rows.filter((row) => wrong({ ...live, root, rows: [row] }) === 0)).toEqual([]);
  });

  it("not where an upper entry is missing, or names another table", { timeout: 60_000 }, () => {
    live.upper.forEach((entry, index) => {
      const others = live.upper.filter((_, i) => i !== index);
      const under = live.rows.filter((row) => wrong({ ...live, upper: others, rows: [row] }) > 0).slice(0, 1);
      expect([entry.at, under.length]).toEqual([entry.at, 1]);
      const found = Array.from({ length: pteBits }, (_, bit) => bit).filter((bit) => {
        const changed = { ...entry, entry: entry.entry ^ (1n << BigInt(bit)) };
        return wrong({ ...live, upper: [...others, changed], rows: under }) > 0;
      });
      // The bits of the table's address, of which no architecture has fewer.
      expect([entry.at, found.length >= 12]).toEqual([entry.at, true]);
    });
  });
});
