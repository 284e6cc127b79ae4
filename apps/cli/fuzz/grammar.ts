import { names } from "@ptekit/all";
import type { Option } from "../src/command.ts";
import { commands } from "../src/commands/index.ts";
import type { Case } from "./case.ts";
import { EVIL, MAKERS, RELEASES, wordText } from "./files.ts";
import type { Random } from "./random.ts";
import { randomOf } from "./random.ts";

const JUNK = [
  "",
  "-",
  "--",
  "---",
  "=",
  "__proto__",
  "constructor",
  EVIL,
  "é\u{1f9a6}",
  "../..",
  "x".repeat(30_000),
  "%s%n",
  "-1",
  "--json=1",
];
const FILES = [...Object.keys(MAKERS), "missing", ".", "/dev/null", "/dev/fd/3", "/proc/self/auxv", "-"];

/** What an option's value may be, by its name; for others, anything. */
const VALUES: Readonly<Record<string, (random: Random) => string>> = {
  arch: (random) => random.pick([...names, "amd64", "aarch64", "x86", "vax", EVIL]),
  kernel: (random) => random.pick(RELEASES),
  from: (random) => random.pick(RELEASES),
  to: (random) => random.pick(RELEASES),
  config: (random) =>
    random.pick([
      "CONFIG_MIGRATION=n",
      "CONFIG_X=y",
      "CONFIG_ARM64_64K_PAGES=y",
      "CONFIG_ARM64_PA_BITS=52",
      "CONFIG_",
      EVIL,
    ]),
  "config-file": (random) => random.pick(FILES),
  cpu: (random) => random.pick(["la57", "hash", "svrsw60t59b", "lpa2", EVIL]),
  backport: (random) => random.pick(["l1tf", "none", EVIL]),
  level: (random) => random.pick(["pte", "pmd", "pud", "p4d"]),
  svg: (random) => random.pick(["out.svg", "/dev/null", ".", "no/where", "/dev/full"]),
  "byte-order": (random) => random.pick(["little", "big", "middle"]),
  proc: (random) => random.pick(["/proc", ".", "missing"]),
  kind: (random) => random.pick(["swap", "none,present", "marker", "x"]),
  flag: (random) => random.pick(["exclusive", "!softDirty", "uffdWp", "x"]),
  marker: (random) => random.pick(["uffd-wp", "guard", "poisoned", "x"]),
};

/** The case that a seed makes. */
export async function caseOf(seed: number): Promise<Case> {
  const random = randomOf(seed);
  const args = mutatedArgs(random, await argsOf(random));
  const needs = (name: string): boolean => args.some((arg) => arg === name || arg.endsWith(`=${name}`));
  const made = (name: string): string =>
    Buffer.from((MAKERS[name] as (random: Random) => Uint8Array)(random)).toString("base64");
  const any = (): string => made(random.pick(Object.keys(MAKERS)));
  return {
    args,
    files: Object.fromEntries(
      Object.keys(MAKERS)
        .filter(needs)
        .map((name) => [name, made(name)]),
    ),
    ...(random.chance(80) && { stdin: any() }),
    ...(needs("/dev/fd/3") && { pipe: any() }),
    stdout: random.chance(85) ? "reader" : random.pick(["leaves", "full"]),
    // Below four gigabytes of addresses it is Node that ends, before ptekit begins.
    ...(random.chance(8) && { limit: random.pick(["-v 4000000", "-n 64", "-f 4", "-s 256"]) }),
    ...(random.chance(5) && {
      signal: [random.pick(["SIGINT", "SIGTERM", "SIGHUP"] as const), random.below(400)] as const,
    }),
  };
}

async function argsOf(random: Random): Promise<string[]> {
  const command = random.chance(95) ? await commands[random.pick(Object.keys(commands))]?.() : undefined;
  if (command === undefined)
    return [random.pick(["help", "--version", "--help", ...JUNK]), random.pick(JUNK)];
  const options = command.options.flatMap((option) =>
    random.chance(option.required ? 96 : 18) ? optionOf(random, option) : [],
  );
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  const positionals = Array.from({ length: count }, () => positional(random, command.name));
  return random.chance(70)
    ? [command.name, ...options, ...positionals]
    : [command.name, ...positionals, ...options];
}

function optionOf(random: Random, { name, value }: Option): string[] {
  if (value === undefined) return [`--${name}`];
  const text = random.chance(90) ? (VALUES[name] ?? wordText)(random) : random.pick(JUNK);
  return random.chance(80) ? [`--${name}`, text] : [`--${name}=${text}`];
}

const FILE_COMMANDS = ["census", "find", "scan", "vtop", "walk", "explain"];

function positional(random: Random, command: string): string {
  if (random.chance(5)) return random.pick(JUNK);
  if (command === "pagemap") return random.pick(["self", "1", "999999999", "0", "../self"]);
  if (command === "diff") return `${random.pick(names)}@${random.pick(RELEASES)}`;
  if (command === "life") return random.pick(["register", "write", "swap-out", "fork", "protect", "x"]);
  return FILE_COMMANDS.includes(command) && random.chance(80) ? random.pick(FILES) : wordText(random);
}

function mutatedArgs(random: Random, args: string[]): string[] {
  if (random.chance(75) || args.length === 0) return args;
  const at = random.below(args.length);
  const [before, after] = [args.slice(0, at), args.slice(at + 1)];
  return random.pick([
    [...before, ...after],
    [...before, args[at] as string, args[at] as string, ...after],
    [...before, random.pick(JUNK), ...after],
    [...before, args[at] as string, random.pick(JUNK), ...after],
  ]);
}
