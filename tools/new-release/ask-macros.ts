// What the macros of the new tree answer, held against what the data says of it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkVectors, mismatchText, parseVectors } from "@ptekit/conformance-kit";
import type { Architecture } from "@ptekit/core";
import { targetOf, targets } from "../vectors/targets.ts";
import { missing, needs } from "../vectors/toolchain.ts";

/** One variant of an architecture: asked and judged, or why not. */
export interface Asked {
  readonly arch: string;
  readonly variant: string;
  /** How many rows were held against the data; null where it was not asked. */
  readonly rows: number | null;
  /** Why it was not asked, or what does not fit. */
  readonly problems: readonly string[];
  readonly file: string | null;
  readonly seconds: number;
}

/** Asks every variant of an architecture whose compiler is here. */
export function* askMacros(
  arch: Architecture,
  tree: string,
  { out, work }: { readonly out: string; readonly work: string },
): Generator<Asked> {
  for (const variant of Object.keys(targets[arch.name]?.variants ?? {})) {
    const started = Date.now();
    const said = ask(arch, variant, tree, out, work);
    yield { arch: arch.name, variant, ...said, seconds: Math.round((Date.now() - started) / 1000) };
  }
}

type Answer = Pick<Asked, "rows" | "problems" | "file">;

function ask(arch: Architecture, variant: string, tree: string, out: string, work: string): Answer {
  const lacking = missing(needs(targetOf(arch.name, variant).toolchain, {}));
  if (lacking.length > 0)
    return {
      rows: null,
      problems: [`not asked: ${lacking.map((need) => need.package).join(", ")} is not here`],
      file: null,
    };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(new URL("../vectors/main.ts", import.meta.url)),
      ...["--arch", arch.name, "--variant", variant, "--kernel-source", tree, "--out", out, "--work", work],
    ],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const file = /^wrote (.*)$/m.exec(stdout)?.[1];
  if (status !== 0 || file === undefined)
    return {
      rows: null,
      problems: [`not asked: ${stderr.trim().split("\n").slice(0, 3).join(" ")}`],
      file: null,
    };
  return { ...judged(arch, file), file };
}

function judged(arch: Architecture, file: string): Omit<Answer, "file"> {
  try {
    const report = checkVectors(arch, parseVectors(path.basename(file), fs.readFileSync(file, "utf8")));
    const shown = report.mismatches.slice(0, SHOWN).map(mismatchText);
    const more = report.failed - shown.length;
    return {
      rows: Object.values(report.rows).reduce((sum, count) => sum + count, 0),
      problems: [...shown, ...(more > 0 ? [`and ${more} more`] : [])],
    };
  } catch (error) {
    return { rows: null, problems: [String(error)] };
  }
}

const SHOWN = 3;
