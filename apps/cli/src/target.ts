import type { ArchBackend, Architecture, ConfigValue, Target } from "@ptekit/core";
import { createBackend, ENTRY_LEVELS, parseConfigValue, select } from "@ptekit/core";
import { archOf } from "./arch.ts";
import type { Given, Option } from "./command.ts";
import { configText } from "./config-file.ts";
import { UsageError } from "./errors.ts";
import type { Meant } from "./this-machine.ts";

/** `--json`, on every command. */
export const JSON_OPTION: Option = { name: "json", help: "print one JSON object a line" };

/** What selects a layout beside architecture and release. */
export const CONFIG_OPTIONS: readonly Option[] = [
  {
    name: "config",
    value: "CONFIG_X=y",
    many: true,
    help: "a Kconfig symbol of that kernel; one that is not given takes its default",
  },
  {
    name: "config-file",
    value: "FILE",
    help: "the kernel's whole .config, or /proc/config.gz; a symbol that is not in it is off",
  },
  { name: "cpu", value: "NAME", many: true, help: "what the running CPU has: la57, lpa2, svrsw60t59b, …" },
  {
    name: "backport",
    value: "NAME",
    many: true,
    help: "a change that this kernel has beside its release number: l1tf",
  },
];

/** How an architecture is named. */
export const ARCH_HELP = "the architecture, as ptekit archs lists them, or a module of your own: ./mine.js";

/** Which kernel is meant; without both, the one of this machine. */
export const TARGET_OPTIONS: readonly Option[] = [
  { name: "arch", value: "A", help: `${ARCH_HELP}; this machine's, if not given` },
  {
    name: "kernel",
    value: "R",
    help: "the release: 6.12, 6.1.0-50-amd64, 5.14.0-427.el9.x86_64; this machine's, if not given",
  },
  ...CONFIG_OPTIONS,
];

/** Which entries are meant, beside PTEs. */
export const LEVEL_OPTIONS: readonly Option[] = [
  {
    name: "level",
    value: "L",
    help: "entries of that level: pte (if not given), pmd or pud, where a kernel has such",
  },
  { name: "hugetlb", help: "of hugetlbfs's pages, not of transparent huge ones" },
];

/** The backend that --arch, --kernel and the rest name; what they leave open is as on this machine, which `assumed` says. */
export async function backendOf(given: Given): Promise<ArchBackend> {
  const [arch, release] = [given.text("arch"), given.text("kernel")];
  if (arch !== undefined && release !== undefined) return backendAt(await archOf(arch), release, given);
  // What looks at the machine is loaded where it is asked about.
  const { meant } = await import("./this-machine.ts");
  return asHere(await meant(given), given);
}

/** Whether an assumption is that this machine is meant. */
export const isOfMachine = (sentence: string): boolean => sentence.includes(", as on this machine (");

/** What is meant, partly by what the machine is; its `assumed` begins with that. */
function asHere({ arch, release, config, sentence }: Meant, given: Given): ArchBackend {
  // Asked without the machine's .config first, so that a symbol that decides nothing is refused.
  backendAt(arch, release, given);
  const stated = statedConfig(given);
  const whole =
    config === null || typeof stated.config === "string"
      ? stated.config
      : `${config}\n${linesOf(stated.config)}`;
  const parts = select(arch, { ...stated, release, config: whole });
  const geometry = parts.geometry ?? null;
  return createBackend({
    ...parts,
    geometry: geometry && { ...geometry, assumed: [sentence, ...geometry.assumed] },
    assumptions: [{ sentence, parts: null }, ...parts.assumptions],
  });
}

/** The backend of an architecture at a release, under --config, --config-file, --cpu and --backport. */
export function backendAt(arch: Architecture, release: string, given: Given): ArchBackend {
  const { config, ...rest } = statedConfig(given);
  // Asked without the file first, so that a symbol that decides nothing is refused with a whole .config too.
  const stated = arch.for({ ...rest, release, config: configOf(given.list("config")) });
  return typeof config === "string" ? arch.for({ ...rest, release, config }) : stated;
}

/** The same, of the entries that --level and --hugetlb name: for commands with LEVEL_OPTIONS. */
export async function backendAtLevel(given: Given): Promise<ArchBackend> {
  return levelOf(await backendOf(given), given);
}

/** The backend of --level and --hugetlb; of PTEs where they are not given. */
export function levelOf(backend: ArchBackend, given: Given): ArchBackend {
  const found = levelOrNull(backend, given);
  if (found) return found;
  const whose = given.has("hugetlb") ? " of hugetlbfs's pages" : "";
  throw new UsageError(
    `${backend.layout.id}: no entry of level ${given.text("level") ?? "pte"}${whose} is a swap entry here`,
  );
}

/** The same, null where that kernel has no such entries. */
export function levelOrNull(backend: ArchBackend, given: Given): ArchBackend | null {
  const level = given.text("level") ?? "pte";
  const name = ENTRY_LEVELS.find((known) => known === level);
  if (name === undefined) throw new UsageError(`--level ${level}: a level is ${ENTRY_LEVELS.join(", ")}`);
  return given.has("hugetlb") ? backend.at(name, "hugetlb") : backend.at(name);
}

/** What --config, --config-file, --cpu and --backport say. */
export function statedConfig(given: Given): Required<Omit<Target, "release">> {
  const symbols = configOf(given.list("config"));
  const file = given.text("config-file");
  return {
    config: file === undefined ? symbols : `${configText(file)}\n${linesOf(symbols)}`,
    cpu: given.list("cpu").flatMap((names) => names.split(",")),
    backports: given.list("backport").flatMap((names) => names.split(",")),
  };
}

function configOf(texts: readonly string[]): Record<string, ConfigValue> {
  return Object.fromEntries(
    texts
      .flatMap((text) => text.split(/[\s,]+/))
      .filter((text) => text !== "")
      .map((text) => {
        const found = /^(CONFIG_\w+)=(.+)$/.exec(text);
        const value = found ? parseConfigValue(found[2] ?? "") : null;
        if (!found || value === null) {
          throw new UsageError(`${JSON.stringify(text)} is no setting: write CONFIG_X=y, =m, =n or a number`);
        }
        return [found[1] ?? "", value];
      }),
  );
}

const linesOf = (symbols: Readonly<Record<string, ConfigValue>>): string =>
  Object.entries(symbols)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
