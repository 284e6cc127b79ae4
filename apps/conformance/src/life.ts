import type { FileReport, LifeFile } from "@ptekit/conformance-kit";
import { backendOfHead, startTally } from "@ptekit/conformance-kit";
import type { Architecture } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { FeatureName, ObservedLife, Verdict, VmaKind } from "@ptekit/uffd-wp";
import { replay } from "@ptekit/uffd-wp";

/**
 * Every sequence of a life file, gone through by the model: what user space saw, the entry and pagemap, after each event.
 *
 * @throws PtekitError `BAD_FILE` where the file names memory or a feature that the model does not know.
 */
export function checkLife(arch: Architecture, life: LifeFile): FileReport {
  const backend = backendOfHead(arch, life);
  const tally = startTally(life.file, backend.layout);
  for (const { number, vma, features, steps } of life.sequences) {
    // Names from a file: begin() refuses what they may not be.
    const observed = {
      vma: vma as VmaKind,
      features: features as FeatureName[],
      steps,
      categories: life.categories,
    } satisfies ObservedLife;
    const verdicts = orBadFile(life.file, number, () => replay(backend, observed));
    for (const [index, { verdict, differences }] of verdicts.entries()) {
      const step = steps[index];
      if (step === undefined) continue;
      if (verdict === "not done") tally.unconfirmed(`${step.event}: ${step.saw}`);
      else if (verdict === "not modelled") tally.unconfirmed(`${step.event}: the model has no such event`);
      else if (verdict === "after") tally.unconfirmed("steps after one that differs or is not known");
      else {
        tally.row("life");
        tally.fact(verdict === "refused" ? "refused by both" : step.event);
      }
      if (verdict !== "differs") continue;
      const way = steps.slice(0, index + 1).map(({ event }) => event);
      tally.same(
        "steps",
        step.row,
        `${vma} ${features.join(",") || "-"} ${way.join(" ")}`,
        differences.join("; "),
      );
    }
  }
  return tally.report({ arch: life.arch, release: life.release, variant: `${life.sequences.length} lives` });
}

function orBadFile(file: string, number: number, make: () => Verdict[]): Verdict[] {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PtekitError)) throw error;
    throw new PtekitError("BAD_FILE", `${file}: sequence ${number}: ${error.message}`);
  }
}
