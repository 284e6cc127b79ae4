import type { Walk, WalkStep } from "@ptekit/core";
import { hex, meaningOf, shortHex, walk } from "@ptekit/core";
import type { Kernel } from "@ptekit/introspect";
import type { Command } from "../command.ts";
import { NoError, UsageError } from "../errors.ts";
import { readSmall, readWord } from "../numbers.ts";
import { keysOf } from "../scan/describe.ts";
import { DUMP_OPTIONS, openFiles } from "../scan/open.ts";
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
      const read = (at: bigint, into: Uint8Array): string => dump.memory.read(at, into);
      const way = walk(kernel.backend, rootOf(kernel, pid), address, read, { smeMask: kernel.smeMask });
      if (given.has("json")) out.json({ ...keysOf(kernel), pid, ...wayJson(kernel, way) });
      else for (const line of wayLines(kernel, way)) out.line(line);
      return way.physical === null ? 1 : 0;
    } finally {
      dump.close();
    }
  },
};

function rootOf(kernel: Kernel, pid: number): bigint {
  if (pid === 0) return kernel.root;
  for (const process of kernel.processes()) {
    if (process.pid !== pid && !process.others.includes(pid)) continue;
    if (typeof process.space === "string") throw new NoError(`process ${pid}: ${process.space}`);
    if (process.space.root === null) throw new NoError(`process ${pid}: its top table is not in the dump`);
    return process.space.root;
  }
  throw new NoError(`no process with memory of its own has pid ${pid}`);
}

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

function wayJson(
  { backend }: Kernel,
  { address, root, path, end, sentence, physical }: Walk,
): Record<string, unknown> {
  const bits = backend.layout.pteBits;
  return {
    address: shortHex(address),
    root: shortHex(root),
    path: path.map(({ level, folded, at, entry, kind, decoded }) => ({
      level,
      folded,
      at: shortHex(at),
      entry: hex(entry, bits),
      kind,
      meaning: decoded === null ? null : meaningOf(backend, decoded),
    })),
    end,
    sentence,
    physical: physical === null ? null : shortHex(physical),
  };
}
