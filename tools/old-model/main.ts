// npm run old-model: the life files on the model as it was before there were any, finding by finding.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseLife } from "@ptekit/conformance-kit";
import { targetOfHead } from "@ptekit/core";
import { loadArchitectures } from "../common/architectures.ts";
import { FIRST, modelAt, REPLAY, root } from "./model.ts";

const USAGE = `usage: npm run old-model

Goes through the sequences of the life files whose "why" begins with a finding's letter, on the model of commit ${FIRST}, the
last that was written by reading alone, with the replay() that came with the first life files (${REPLAY}). Prints, of each
finding, in which files a sequence fails there: a step differs, or the old model has no such event.`;

if (process.argv.includes("--help")) {
  console.log(USAGE);
} else {
  const archs = await loadArchitectures();
  const replay = await modelAt(FIRST);
  const failing = new Map<string, Set<string>>();
  for (const arch of archs.values()) {
    const folder = path.join(root, "packages/arch", arch.name, "life");
    for (const name of list(folder)) {
      const file = parseLife(name, readFileSync(path.join(folder, name), "utf8"));
      const backend = arch.for(targetOfHead(arch, file));
      for (const sequence of file.sequences) {
        const letter = /^[A-D]\d+/.exec(sequence.why ?? "")?.[0];
        if (letter === undefined) continue;
        const found = failing.get(letter) ?? new Set();
        if (replay(backend, sequence).some((verdict) => ["differs", "not modelled"].includes(verdict)))
          found.add(path.basename(name, ".json"));
        failing.set(letter, found);
      }
    }
  }
  for (const [letter, found] of [...failing].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })))
    console.log(`${letter}: ${[...found].join(" ") || "agrees"}`);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
