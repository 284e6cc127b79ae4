// The packages of this repository are made by trustedArch(), which checks nothing: their data is checked here, once.
import { loadAll } from "@ptekit/all";
import { checkArch, defineArch, historyOf, PtekitError, turningPoints } from "@ptekit/core";
import { expect, it } from "vitest";

it.each((await loadAll()).map((arch) => [arch.name, arch] as const))(
  "%s is what defineArch() takes",
  (_, arch) => {
    const { for: _for, ...data } = arch;
    expect(checkArch(arch)).toEqual([]);
    expect(defineArch(data).layouts).toEqual(arch.layouts);
  },
);

it.each((await loadAll()).map((arch) => [arch.name, arch] as const))(
  "%s: every row of its history says where that is written",
  (_, arch) => {
    for (const level of ["pte", "pmd"] as const) {
      const at = (release: string) => {
        try {
          return arch.for({ release }).at(level);
        } catch (error) {
          if (error instanceof PtekitError) return null;
          throw error;
        }
      };
      const moves = historyOf(turningPoints(arch), at, arch);
      expect(moves.filter(({ citations }) => citations.length === 0)).toEqual([]);
      expect(moves.some(({ event }) => event === "ends")).toBe(
        arch.removed !== undefined && moves.length > 0,
      );
    }
  },
);
