// What `npm run vectors --` accepts, read and refused in sentences.
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "../common/errors.ts";
import { targets } from "./targets.ts";

export const usage = `npm run vectors -- --arch A [options]      what a kernel's macros answer, as a ptekit-vectors/1 file
npm run vectors -- --like FILE [options]   ask exactly what FILE asks, and say where the answers differ
npm run vectors -- --reproduce [options]   --like, for every committed vector file whose kernel source is here

--arch A             ${Object.keys(targets).join(", ")}
--variant V          ${Object.entries(targets)
  .map(([arch, target]) => `${arch}: ${Object.keys(target.variants).join(", ")}`)
  .join("\n                     ")}
--debian 6.12        the kernel of Debian's package linux-source-6.12 (default: 6.12)
--kernel-source DIR  any kernel tree, not configured in place
--config FRAGMENT    a file of Kconfig lines, applied last; each must take effect
--seed N             seeds the random inputs (default: 1)
--out DIR            where the file goes (default: the working directory); --like and --reproduce write none without it
--work DIR           for unpacked sources and builds (default: ${path.join("TMPDIR", "ptekit-vectors")})
`;

const accepted = {
  arch: { type: "string" },
  variant: { type: "string" },
  debian: { type: "string" },
  "kernel-source": { type: "string" },
  config: { type: "string" },
  seed: { type: "string" },
  out: { type: "string" },
  work: { type: "string" },
  like: { type: "string" },
  reproduce: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** A mistake in the command line. Its message is a sentence for the person who typed it. */
export class UsageError extends Error {}

interface Common {
  readonly debian: string | undefined;
  readonly kernelSource: string | undefined;
  /** A file of Kconfig lines. */
  readonly config: string | undefined;
  readonly seed: bigint;
  /** For unpacked sources and builds. */
  readonly work: string;
}

export interface MakeOptions extends Common {
  readonly mode: "make";
  readonly arch: string;
  readonly variant: string;
  readonly out: string;
}

export interface LikeOptions extends Common {
  readonly mode: "like";
  readonly like: string;
  readonly out: string | undefined;
}

export interface ReproduceOptions extends Common {
  readonly mode: "reproduce";
  readonly out: string | undefined;
}

export type Options = { readonly mode: "help" } | MakeOptions | LikeOptions | ReproduceOptions;

/** The options of one command line, checked. */
export function readOptions(args: readonly string[], tmpdir: string = os.tmpdir()): Options {
  const given = parsed(args);
  if (given.help) return { mode: "help" };
  const { arch, like, variant } = given;
  const modes = (["arch", "like", "reproduce"] as const).filter((name) => given[name] !== undefined);
  if (modes.length > 1) throw new UsageError(`--${modes[0]} and --${modes[1]} do not go together`);
  if (given.debian !== undefined && given["kernel-source"] !== undefined)
    throw new UsageError("--debian and --kernel-source do not go together");
  if (given.reproduce && given["kernel-source"] !== undefined)
    throw new UsageError(
      "--reproduce takes its sources from Debian's packages; use --like FILE --kernel-source DIR",
    );
  for (const name of ["variant", "seed"] as const)
    if (arch === undefined && modes.length > 0 && given[name] !== undefined)
      throw new UsageError(`--${name} comes from the vector file with --${modes[0]}`);
  const common = {
    debian: checkedDebian(given.debian),
    kernelSource: given["kernel-source"],
    config: given.config,
    seed: checkedSeed(given.seed),
    work: path.resolve(given.work ?? path.join(tmpdir, "ptekit-vectors")),
  };
  if (arch !== undefined)
    return {
      mode: "make",
      ...common,
      ...checkedTarget(arch, variant),
      debian: common.debian ?? (common.kernelSource ? undefined : "6.12"),
      out: given.out ?? ".",
    };
  if (like !== undefined) return { mode: "like", ...common, like, out: given.out };
  if (given.reproduce) return { mode: "reproduce", ...common, out: given.out };
  throw new UsageError("one of --arch, --like and --reproduce is needed; --help says more");
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: accepted, strict: true }).values;
  } catch (error) {
    throw new UsageError(messageOf(error).split(". ")[0]);
  }
}

function checkedTarget(arch: string, variant: string | undefined): { arch: string; variant: string } {
  if (!Object.hasOwn(targets, arch))
    throw new UsageError(
      `no toolchain is listed for --arch ${arch}; there is ${Object.keys(targets).join(", ")}`,
    );
  const variants = Object.keys(targets[arch]?.variants ?? {});
  const chosen = variant ?? variants[0] ?? "";
  if (!variants.includes(chosen))
    throw new UsageError(`${arch} has no variant ${variant}; there is ${variants.join(", ")}`);
  return { arch, variant: chosen };
}

function checkedDebian(version: string | undefined): string | undefined {
  if (version !== undefined && !/^\d+\.\d+$/.test(version))
    throw new UsageError(`--debian ${version}: say a version as in the package's name, such as 6.12`);
  return version;
}

function checkedSeed(seed = "1"): bigint {
  if (!/^\d{1,18}$/.test(seed))
    throw new UsageError(`--seed ${seed}: a whole number of at most 18 digits is needed`);
  return BigInt(seed);
}
