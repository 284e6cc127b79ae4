// npm run live -- --life: sequences of events on pages of a running kernel, step by step. See docs/life.md.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "@ptekit/core";
import { readText, writeWhole } from "../common/files.ts";
import { boot } from "./boot.ts";
import { compile } from "./compile.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { lifeText } from "./life-file.ts";
import { follower, type Sequence, sequencesText } from "./life-run.ts";
import { neededModules, wordsOf } from "./machines.ts";
import type { Options } from "./options.ts";
import { coveringSequences, randomSequences } from "./sequences.ts";

/** Takes a guest through the sequences, writes the life file, and says which and how many steps. */
export async function live(
  options: Options,
  kernel: Kernel,
  arch: Architecture,
  scratch: string,
): Promise<string> {
  const { machine, megabytes, cpu, name, out, seed, steps } = options;
  const [initrd, ram] = [path.join(scratch, "initrd"), path.join(scratch, "ram")];
  const configText = readText(kernel.config);
  const backend = arch.for({ release: kernel.release, config: configText });
  const findings = fileURLToPath(new URL("findings.txt", import.meta.url));
  const given = options.sequences === "" ? findings : options.sequences;
  const sequences = [
    ...(options.random ? [] : listed(readText(given))),
    ...(options.random || given !== findings ? [] : coveringSequences(backend)),
    ...(given === findings ? randomSequences(backend, seed, steps) : []),
  ];
  const program = compile(machine, ["life.c"], scratch);
  const modules = modulesFor(neededModules, kernel.modules);
  const more = { ...program.more, sequences: sequencesText(sequences) };
  fs.writeFileSync(initrd, initramfs(program.init, modules, more));
  const following = follower({
    arch,
    config: configText,
    features: machine.features ?? [[]],
    ram,
    ranges: machine.ranges(megabytes * 2 ** 20),
  });
  const words = "numa=fake=2 numa_balancing=disable transparent_hugepage=never";
  await boot({
    ...options,
    image: kernel.image,
    initrd,
    ram,
    append: `${words} ${options.append}`,
    onLine: (line) => {
      if (options.log !== "") fs.appendFileSync(options.log, `${line}\n`);
      return following.onLine(line);
    },
  });
  const lived = following.lived();
  const kind = `${name}-${lived.release.split(/[.-]/).slice(0, 2).join(".")}`;
  const written = path.join(out, `${kind}-life-${seed}.json`);
  writeWhole(written, lifeText({ arch, lived, sequences, seed, machine: wordsOf(machine, cpu), configText }));
  const taken = lived.steps.reduce((sum, list) => sum + list.length, 0);
  return `${written}, ${sequences.length} sequences, ${taken} steps`;
}

/** Sequences as a file lists them: VMA FEATURE,…|- EVENT…, and after # why. */
export function listed(text: string): Sequence[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [said = "", why] = line.split("#").map((part) => part.trim());
      const [vma = "", features = "-", ...events] = said.split(/\s+/);
      return {
        vma,
        features: features === "-" ? [] : features.split(","),
        events,
        ...(why !== undefined && { why }),
      };
    });
}
