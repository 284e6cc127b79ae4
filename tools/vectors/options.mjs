// What `npm run vectors --` accepts, read and refused in sentences.
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { targets } from "./targets.mjs";

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
};

/** A mistake in the command line. Its message is a sentence for the person who typed it. */
export class UsageError extends Error {}

/** The options of one command line, checked; `mode` is help, make, like or reproduce. */
export function readOptions(args, tmpdir = os.tmpdir()) {
  const given = parsed(args);
  if (given.help) return { mode: "help" };
  const modes = ["arch", "like", "reproduce"].filter((name) => given[name] !== undefined);
  if (modes.length === 0)
    throw new UsageError("one of --arch, --like and --reproduce is needed; --help says more");
  if (modes.length > 1) throw new UsageError(`--${modes[0]} and --${modes[1]} do not go together`);
  const mode = modes[0] === "arch" ? "make" : modes[0];
  if (given.debian !== undefined && given["kernel-source"] !== undefined)
    throw new UsageError("--debian and --kernel-source do not go together");
  if (mode === "reproduce" && given["kernel-source"] !== undefined)
    throw new UsageError(
      "--reproduce takes its sources from Debian's packages; use --like FILE --kernel-source DIR",
    );
  for (const name of ["variant", "seed"])
    if (mode !== "make" && given[name] !== undefined)
      throw new UsageError(`--${name} comes from the vector file with --${mode}`);
  return {
    mode,
    arch: mode === "make" ? checkedArch(given.arch) : undefined,
    variant: mode === "make" ? checkedVariant(given.arch, given.variant) : undefined,
    debian: checkedDebian(given.debian) ?? (mode === "make" && !given["kernel-source"] ? "6.12" : undefined),
    kernelSource: given["kernel-source"],
    config: given.config,
    seed: checkedSeed(given.seed),
    like: given.like,
    out: given.out ?? (mode === "make" ? "." : undefined),
    work: path.resolve(given.work ?? path.join(tmpdir, "ptekit-vectors")),
  };
}

function parsed(args) {
  try {
    return parseArgs({ args, options: accepted, strict: true }).values;
  } catch (error) {
    throw new UsageError(error.message.split(". ")[0]);
  }
}

function checkedArch(arch) {
  if (!Object.hasOwn(targets, arch))
    throw new UsageError(
      `no toolchain is listed for --arch ${arch}; there is ${Object.keys(targets).join(", ")}`,
    );
  return arch;
}

function checkedVariant(arch, variant) {
  const variants = Object.keys(targets[arch].variants);
  if (variant === undefined) return variants[0];
  if (!variants.includes(variant))
    throw new UsageError(`${arch} has no variant ${variant}; there is ${variants.join(", ")}`);
  return variant;
}

function checkedDebian(version) {
  if (version !== undefined && !/^\d+\.\d+$/.test(version))
    throw new UsageError(`--debian ${version}: say a version as in the package's name, such as 6.12`);
  return version;
}

function checkedSeed(seed = "1") {
  if (!/^\d{1,18}$/.test(seed))
    throw new UsageError(`--seed ${seed}: a whole number of at most 18 digits is needed`);
  return BigInt(seed);
}
