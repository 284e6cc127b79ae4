import { describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const movesOf = (...args: string[]): Record<string, unknown>[] =>
  objects(ptekit(["history", ...args, "--json"]));

describe("ptekit history", () => {
  it("is an object for each release in which something moved, with where that is written", () => {
    const moves = movesOf("--arch", "arm64", "--from", "6.9", "--to", "6.12");
    expect(moves.map(({ release, layout, event }) => [release, layout, event])).toEqual([
      ["6.10", "arm64 6.10", "moves"],
    ]);
    expect(moves[0]?.moved).toContainEqual({ what: "uffd-wp", from: "no bit", to: "bit 3" });
    expect(moves[0]?.citations).toEqual([
      "See __swp_entry() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12)",
      "See PTE_UFFD_WP in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.12)",
    ]);
  });

  it("begins with the first release that is known, and ends with the architecture", () => {
    const moves = movesOf("--arch", "nds32");
    expect(moves[0]).toMatchObject({ event: "begins", moved: [] });
    expect(moves.at(-1)).toMatchObject({ release: "5.18", event: "ends", layout: null });
  });

  it("says by its exit status that nothing moved, and refuses what is no release", () => {
    expect(ptekit(["history", "--arch", "arm64", "--from", "6.10", "--to", "6.12"])).toMatchObject({
      status: 1,
      out: "nothing moved\n",
    });
    expect(ptekit(["history", "--arch", "arm64", "--from", "6.12", "--to", "6.1"])).toMatchObject({
      status: 2,
      err: expect.stringContaining("--from 6.12 comes after --to 6.1"),
    });
    expect(ptekit(["history", "--arch", "arm64", "--from", "6.99"]).err).toContain(
      "6.99 is no mainline release from 2.6.29 to 7.3",
    );
    expect(ptekit(["history", "--arch", "arm64", "--level", "pgd"]).status).toBe(2);
  });
});
