// What stands on /about: counted in the files of the repository, nothing by hand.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { loadAll } from "@ptekit/all";
import { properties } from "@ptekit/conformance-kit";
import type { Architecture } from "@ptekit/core";

/** The files of one kind that hold an architecture: how many, the words in them, and the releases they are of. */
export interface Held {
  readonly files: number;
  readonly words: number;
  readonly releases: readonly string[];
}

export interface ArchFacts {
  readonly arch: Architecture;
  readonly vectors: Held;
  readonly live: Held;
  readonly life: Held;
}

export interface Facts {
  /** The day on which the kernels' own answers, or the newest release that they are of, last changed; null outside a clone. */
  readonly checked: string | null;
  readonly archs: readonly ArchFacts[];
  readonly properties: number;
  /** Reports of others by the cause that is right, each with how many. */
  readonly reports: readonly (readonly [cause: string, count: number])[];
  /** Bytes after minify and gzip, by package, as docs/sizes.json has them. */
  readonly sizes: Readonly<Record<string, number>>;
}

export async function factsOf(repository: string): Promise<Facts> {
  const at = (file: string): string => path.join(repository, file);
  const json = (file: string): Readonly<Record<string, unknown>> =>
    JSON.parse(fs.readFileSync(at(file), "utf8"));
  const list = (folder: string): string[] =>
    fs.existsSync(at(folder)) ? fs.readdirSync(at(folder)).filter((name) => name.endsWith(".json")) : [];
  const held = (folder: string, keys: readonly string[]): Held => {
    const files = list(folder).map((name) => json(`${folder}/${name}`));
    const words = files.flatMap((file) =>
      keys.map((key) => (Array.isArray(file[key]) ? file[key].length : 0)),
    );
    return {
      files: files.length,
      words: words.reduce((sum, count) => sum + count, 0),
      releases: [...new Set(files.map(({ release }) => String(release).split(".").slice(0, 2).join(".")))],
    };
  };
  const archs = (await loadAll()).map((arch) => {
    const folder = `packages/arch/${arch.name}`;
    return {
      arch,
      vectors: held(`${folder}/vectors`, ["encode", "decode", "special", "presentPtes"]),
      live: held(`${folder}/live`, ["rows"]),
      life: held(`${folder}/life`, ["steps"]),
    };
  });
  const causes = list("packages/explain/reports").flatMap((name) =>
    (json(`packages/explain/reports/${name}`) as unknown as readonly { readonly cause: string }[]).map(
      ({ cause }) => cause,
    ),
  );
  const reports = [...new Set(causes)]
    .sort()
    .map((cause) => [cause, causes.filter((one) => one === cause).length] as const);
  return {
    checked: lastChange(repository, ["packages/arch", "packages/core/src/data/release.ts"]),
    archs,
    properties: properties.length,
    reports,
    sizes: json("docs/sizes.json").packages as Record<string, number>,
  };
}

/** The day of the last commit that touched a place. */
function lastChange(repository: string, places: readonly string[]): string | null {
  try {
    const day = execFileSync("git", ["log", "-1", "--format=%cs", "--", ...places], {
      cwd: repository,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return day === "" ? null : day;
  } catch {
    return null;
  }
}
