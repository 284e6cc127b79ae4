import os from "node:os";
import { canonical, load } from "@ptekit/all";
import type { ArchBackend, Architecture } from "@ptekit/core";
import { archOf, isModule } from "./arch.ts";
import type { Given } from "./command.ts";
import { configText } from "./config-file.ts";
import { UsageError } from "./errors.ts";

/** A machine, as it names itself. */
export interface MachineNames {
  readonly platform: string;
  /** As `uname -m` prints it. */
  readonly machine: string;
  readonly release: string;
}

/** The machine that this runs on. */
export const thisMachine = (): MachineNames => ({
  platform: process.platform,
  machine: os.machine(),
  release: os.release(),
});

/** What --arch and --kernel say, or, where they say nothing, the machine; with the sentence that says so. */
export interface Meant {
  readonly arch: Architecture;
  readonly release: string;
  /** The text of the running kernel's .config, where it is the one that is meant, and can be read. */
  readonly config: string | null;
  readonly sentence: string;
}

/**
 * The kernel that is meant.
 *
 * @throws UsageError where neither the options nor the machine say: it is no Linux, or of an architecture that is not
 * known, or the release of another architecture's kernel is asked for.
 */
export async function meant(given: Given, machine: MachineNames = thisMachine()): Promise<Meant> {
  const [name, kernel] = [given.text("arch"), given.text("kernel")];
  const here = machine.platform === "linux" ? nameOf(machine.machine) : null;
  if (name === undefined && here === null) throw missing(given, "arch A");
  const arch = await archOf(name ?? here ?? "");
  // The release here says nothing of another machine's kernel, nor of one that somebody designs.
  const isOwn = name === undefined || !isModule(name);
  if (kernel === undefined && !(isOwn && arch.name === here))
    throw missing(given, "kernel R", whyNot(arch.name, isOwn, here, machine));
  const release = kernel ?? machine.release;
  const left = [name === undefined ? "--arch" : "", kernel === undefined ? "--kernel" : ""];
  const options = left.filter((text) => text !== "").join(" and ");
  return {
    arch,
    release,
    config: name === undefined && kernel === undefined ? configHere(release) : null,
    sentence: `${arch.name}, Linux ${release}, as on this machine (${options} not given)`,
  };
}

const missing = ({ command }: Given, option: string, why = ""): UsageError =>
  new UsageError(`${command} needs --${option}${why}`);

/** Why the release here does not stand for the one that was not given. */
function whyNot(
  arch: string,
  isOwn: boolean,
  here: string | null,
  { platform, machine }: MachineNames,
): string {
  if (here === null) return platform === "linux" ? "" : ": this machine runs no Linux";
  return isOwn
    ? `: this machine is ${machine}, and its release says nothing of ${arch}`
    : ": the release of this machine's kernel says nothing of an architecture of your own";
}

/** ptekit's name for what `uname -m` says; null where it has none. */
function nameOf(machine: string): string | null {
  try {
    return canonical(machine);
  } catch {
    return null;
  }
}

/** The backend of this machine's kernel, null where that is not known. */
export async function backendOfMachine(): Promise<ArchBackend | null> {
  const { machine, release } = thisMachine();
  const config = configHere(release);
  try {
    return (await load(machine)).for({ release, ...(config === null ? {} : { config }) });
  } catch {
    return null;
  }
}

/** The running kernel's .config, where the distribution or the kernel itself left it. */
function configHere(release: string): string | null {
  for (const file of [`/boot/config-${release}`, "/proc/config.gz"]) {
    try {
      return configText(file);
    } catch {
      // Most machines have one of the two.
    }
  }
  return null;
}
