// A kernel tree, configured out of place (O=) so that its generated headers exist: what `make prepare0` needs, no more.
import fs from "node:fs";
import path from "node:path";
import type { Kconfig } from "../common/kconfig.ts";
import { parseConfig, refusedLines, symbolsOn } from "../common/kconfig.ts";
import { run } from "../common/run.ts";
import type { Target } from "./targets.ts";
import { recordedSymbols } from "./targets.ts";

/** A tree, where it is built, and what its configuration is made of. */
interface Configuring {
  readonly source: string;
  readonly build: string;
  readonly target: Pick<Target, "kernelArch" | "defconfig" | "fragment">;
  readonly prefix: string;
  readonly lines?: string;
  readonly userFragment?: string;
}

/**
 * The configured build directory, and its .config as an object of the symbols that are on.
 * Throws a sentence for each line of the user's fragment that Kconfig did not take.
 */
export function configure(asked: Configuring): { config: Kconfig; release: string } {
  const { source, build, target, prefix, lines = "", userFragment = "" } = asked;
  fs.rmSync(build, { recursive: true, force: true });
  fs.mkdirSync(build, { recursive: true });
  // A tree that was built in place refuses to be used with O=: say so before make does, which also names its way out.
  if (fs.existsSync(path.join(source, ".config")))
    throw new Error(
      `${source} is configured in place; make it clean (make mrproper), or name an untouched tree`,
    );
  const make = (...goals: string[]): string =>
    run("make", [
      "-s",
      "-C",
      source,
      `O=${build}`,
      `ARCH=${target.kernelArch}`,
      `CROSS_COMPILE=${prefix}`,
      ...goals,
    ]);

  make(target.defconfig);
  const file = path.join(build, ".config");
  fs.appendFileSync(file, `${target.fragment}\n${lines}\n${userFragment}\n`);
  make("olddefconfig");
  const config = parseConfig(fs.readFileSync(file, "utf8"));
  const refused = refusedLines(userFragment, config);
  if (refused.length > 0)
    throw new Error(
      `Kconfig of this tree did not take ${refused.join(", ")}: the symbol does not exist there, or depends on another`,
    );
  make("prepare0");
  return { config, release: run("make", ["-s", "-C", source, `O=${build}`, "kernelversion"]).trim() };
}

/** The `config` of a vector file: the symbols that matter and are on; `also`: more symbols to name. */
export function recordedConfig(config: Kconfig, also: readonly string[] = []): Record<string, string> {
  return symbolsOn(config, [...recordedSymbols, ...also]);
}
