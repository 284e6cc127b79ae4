// What a guest went through, as a ptekit-life/1 file. docs/life.md describes it.
import type { Architecture } from "@ptekit/core";
import { parseConfig, symbolsOn } from "../common/kconfig.ts";
import type { Lived, Sequence } from "./life-run.ts";
import { recordedSymbols } from "./machines.ts";

const hex = (value: bigint): string => `0x${value.toString(16)}`;

interface LifeFile {
  readonly arch: Architecture;
  readonly lived: Lived;
  readonly sequences: readonly Sequence[];
  readonly seed: number;
  readonly machine: string;
  /** The kernel's .config. */
  readonly configText: string;
}

/** The text of a life file, one step a line. */
export function lifeText({ arch, lived, sequences, seed, machine, configText }: LifeFile): string {
  const { release, tables, steps, categories, lacking } = lived;
  const done = sequences.map((sequence, number) => ({ ...sequence, number }));
  const told = done.filter(({ number }) => !lacking.has(number) && (steps[number]?.length ?? 0) > 0);
  const head = {
    format: "ptekit-life/1",
    arch: arch.name,
    release,
    ...(tables.cpu.length > 0 && { cpu: tables.cpu }),
    machine,
    pageSize: 2 ** tables.backend.kernel.pageShift,
    seed,
    categories: Number(categories),
    config: symbolsOn(parseConfig(configText), [...recordedSymbols, ...arch.symbols.map(({ name }) => name)]),
    note: "pte: read from the guest's memory after the step; pagemap, scan, saw: what the running kernel told the program",
  };
  const lists = {
    sequences: told.map(({ number, vma, features, why }) => ({
      number,
      vma,
      features: features.join(" "),
      ...(why !== undefined && { why }),
    })),
    steps: told.flatMap(({ number }) =>
      (steps[number] ?? []).map(({ event, saw, pte, level, pagemap, scan }) => ({
        of: number,
        event,
        saw,
        ...(level !== "pte" && { level }),
        pte: hex(pte),
        pagemap: hex(pagemap),
        ...(scan !== undefined && { scan: hex(scan) }),
      })),
    ),
  };
  const texts = Object.entries(lists).map(
    ([name, list]) => ` "${name}": [\n${list.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n ]`,
  );
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n${texts.join(",\n")}\n}\n`;
}
