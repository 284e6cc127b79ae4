import type { Walk, WalkStep } from "@ptekit/core";
import { hex, meaningOf, shortHex } from "@ptekit/core";
import type { Kernel } from "@ptekit/introspect";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readSmall, readWord } from "../numbers.ts";
import { DUMP_OPTIONS, openFiles } from "../scan/open.ts";
import { wayJson, wayTo } from "../scan/way.ts";
import { JSON_OPTION } from "../target.ts";

export const vtop: Command = {
  name: "vtop",
  summary: "the way from a process of a crash dump to the entry of an address, every level decoded",
  description: [
    "DUMP is what ptekit scan takes; of a split one, all files, with PID and ADDRESS last. PID 0 is the kernel itself, by its own tables.",
    "Exit status 1: no page of memory is at that address.",
  ],
  arguments: [
    { name: "DUMP", required: true, help: "the dump" },
    { name: "PID", required: true, help: "the process, or 0 for the kernel" },
    { name: "ADDRESS", required: true, help: "the virtual address, hexadecimal" },
    { name: "MORE", many: true, help: "for a split dump: its other files come before PID and ADDRESS" },
  ],
  options: [...DUMP_OPTIONS, JSON_OPTION],
  examples: [
    {
      line: "ptekit vtop vmcore 1 0x400000",
      shows: "where the first process's program lies: a page table of four levels",
    },
    {
      line: "ptekit vtop --json vmcore 1 0x10000",
      shows: "an address at which nothing is: exit status 1",
      exit: 1,
    },
  ],
  async run(given, out) {
    const files = given.args.slice(0, -2);
    const [pidText = "", addressText = ""] = given.args.slice(-2);
    const pid = readSmall(pidText, "PID");
    const address = readWord(addressText);
    if (files.length === 0) throw new UsageError("vtop needs a dump, a PID and an address");
    const { dump, kernel } = await openFiles(files, given);
    try {
      const way = wayTo(dump, kernel, pid, address);
      if (given.has("json")) out.json(wayJson(kernel, pid, way));
      else for (const line of wayLines(kernel, way)) out.line(line);
      return way.physical === null ? 1 : 0;
    } finally {
      dump.close();
    }
  },
};

function wayLines({ backend }: Kernel, { path, sentence, physical }: Walk): string[] {
  const bits = backend.layout.pteBits;
  return [
    ...path.map(
      (step) =>
        `${step.level.padEnd(3)}  ${shortHex(step.at).padEnd(14)}  ${hex(step.entry, bits)}  ${said(backend, step)}`,
    ),
    sentence,
    ...(physical === null ? [] : [`physical address ${shortHex(physical)}`]),
  ];
}

const said = (backend: Kernel["backend"], { kind, decoded, folded }: WalkStep): string =>
  [
    kind === "table" ? "leads to the next table" : decoded === null ? kind : meaningOf(backend, decoded),
    ...(folded.length > 0 ? [`(and ${folded.join(", ")})`] : []),
  ].join(" ");
