// What running kernels did with single pages: lives to follow on the page, and which of them show a transition of the model.
import fs from "node:fs";
import path from "node:path";
import { loadAll } from "@ptekit/all";
import type { LifeSequence } from "@ptekit/conformance-kit";
import { parseLife } from "@ptekit/conformance-kit";
import { targetOfHead } from "@ptekit/core";
import type { ObservedLife } from "@ptekit/uffd-wp";
import { replay, transitions } from "@ptekit/uffd-wp";
import type { LifeProof, RecordedFile } from "../src/life/recorded.ts";

/** Life files by name, and for each transition of the model the lives in which a kernel did the same. */
export interface Lives {
  readonly files: readonly RecordedFile[];
  readonly proof: LifeProof;
}

export async function livesOf(repository: string): Promise<Lives> {
  const files: RecordedFile[] = [];
  const seen = transitions.map((): [file: number, sequence: number][] => []);
  for (const arch of await loadAll()) {
    const folder = path.join(repository, "packages/arch", arch.name, "life");
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
      const file = parseLife(name, fs.readFileSync(path.join(folder, name), "utf8"));
      const target = targetOfHead(arch, file);
      const backend = arch.for(target);
      for (const sequence of file.sequences) {
        for (const { verdict, step } of replay(backend, sequence as ObservedLife)) {
          if (verdict !== "agrees" || step === undefined) continue;
          const found = seen[transitions.indexOf(step.transition)];
          if (found?.every(([of]) => of !== files.length)) found.push([files.length, sequence.number]);
        }
      }
      files.push({
        name: name.replace(/\.json$/, ""),
        arch: arch.name,
        release: file.release,
        target,
        lives: file.sequences.filter(({ why }) => why !== undefined).map(recorded),
      });
    }
  }
  return { files, proof: { names: files.map(({ name }) => name), seen } };
}

const recorded = ({
  number,
  vma,
  features,
  why = "",
  steps,
}: LifeSequence): RecordedFile["lives"][number] => ({
  number,
  vma: vma as ObservedLife["vma"],
  features: features as ObservedLife["features"],
  why,
  steps: steps.map(({ event, saw, pte, pagemap }) => [
    event,
    saw,
    `0x${pte.toString(16)}`,
    `0x${pagemap.toString(16)}`,
  ]),
});
