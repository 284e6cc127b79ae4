import type { Dump } from "@ptekit/dump";
import type { CheckName, Kernel, ProcessScan } from "@ptekit/introspect";
import { scannerOf, sumOf, whoOf } from "@ptekit/introspect";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readSmall } from "../numbers.ts";
import type { Output } from "../output.ts";
import { dumpJson, dumpLines, keysOf, memoryOf } from "../scan/describe.ts";
import { processJson } from "../scan/lines.ts";
import { DUMP_OPTIONS, openFiles } from "../scan/open.ts";
import { chosenProcesses, PID_OPTION } from "../scan/processes.ts";
import { rowsOf, sizeOf } from "../scan/rows.ts";
import { toldLines, toldOf } from "../scan/told.ts";
import { table } from "../table.ts";
import { JSON_OPTION } from "../target.ts";

/** What a scan holds entries against, and can leave out. */
const CHECKS: Readonly<Record<CheckName, string>> = {
  protection: "an area's vm_page_prot",
  pages: "struct pages",
  slots: "a swap device's swap_map",
};

export const scan: Command = {
  name: "scan",
  summary: "what a crash dump says of its page tables, without debuginfo",
  description: [
    "DUMP is an ELF core (/proc/vmcore, makedumpfile, QEMU), a kdump-compressed or flattened file, LiME, AVML, or raw memory with --ram-base; of a set that makedumpfile split, all files. The kernel's symbols and types are read from the dump itself.",
    "For every process: present pages (in base pages), swap entries, migration, hwpoison and markers, the uffd-wp and soft-dirty bits, huge pages; and what is suspicious: entries that this kernel cannot have written, or that lead where nothing is. No memory is printed, only entries and what they mean.",
    "Exit status 1: something is suspicious.",
  ],
  arguments: [{ name: "DUMP", required: true, many: true, help: "the dump; all files of a split one" }],
  options: [
    PID_OPTION,
    { name: "corrupt", help: "only processes in which something is suspicious" },
    { name: "top", value: "N", help: "only the N largest processes" },
    { name: "census", help: "all tables together, no table by process" },
    {
      name: "without",
      value: "CHECK",
      many: true,
      help: `entries are not held against that: ${Object.entries(CHECKS)
        .map(([name, what]) => `${name} (${what})`)
        .join(", ")}`,
    },
    ...DUMP_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit scan vmcore", shows: "every process of a dump" },
    {
      line: "ptekit scan --top 2 --json vmcore",
      shows: "the dump, and its two largest processes, for a script",
    },
    { line: "ptekit scan --census vmcore", shows: "all tables together" },
  ],
  async run(given, out) {
    const top = given.text("top");
    const most = top === undefined ? Number.POSITIVE_INFINITY : readSmall(top, "--top");
    if (most < 1) throw new UsageError("--top is a number from 1 on");
    const other = ["top", "corrupt"].find((name) => given.has(name));
    if (given.has("census") && other !== undefined)
      throw new UsageError(`--census has no line by process: --${other} goes without it`);
    const without = checksOf(given);
    const { dump, kernel } = await openFiles(given.args, given);
    try {
      const { scans, limits } = await scanAll(kernel, dump.memory, given, without, out);
      const sum = sumOf(scans);
      const shown = scans
        .filter((process) => !given.has("corrupt") || process.suspicions > 0)
        .sort((a, b) => (most === Number.POSITIVE_INFINITY ? 0 : sizeOf(b) - sizeOf(a)))
        .slice(0, most);
      if (given.has("json")) {
        out.json({ dump: dumpJson(dump, kernel, limits) });
        if (given.has("census")) out.json({ ...keysOf(kernel), processes: scans.length, ...sum });
        else for (const process of shown) out.json(await processJson(dump, kernel, process));
        return sum.suspicions > 0 ? 1 : 0;
      }
      const [head = "", ...lines] = dumpLines(dump, kernel, limits);
      out.line(out.colors.bold(head));
      for (const line of lines) out.line(`  ${out.colors.dim(line)}`);
      out.line();
      for (const line of table(rowsOf(given.has("census") ? [] : shown, sum, scans.length), out.colors.dim))
        out.line(line);
      for (const process of shown) for (const line of await tales(dump, kernel, process)) out.line(line);
      return sum.suspicions > 0 ? 1 : 0;
    } finally {
      dump.close();
    }
  },
};

function checksOf(given: Given): CheckName[] {
  return given.list("without").map((name) => {
    if (Object.hasOwn(CHECKS, name)) return name as CheckName;
    throw new UsageError(`--without is ${Object.keys(CHECKS).join(", ")}, not "${name}"`);
  });
}

async function scanAll(
  kernel: Kernel,
  memory: Parameters<typeof scannerOf>[1],
  given: Given,
  without: readonly CheckName[],
  out: Output,
): Promise<{ scans: ProcessScan[]; limits: readonly string[] }> {
  const scanner = await scannerOf(kernel, memory, { without });
  const scans: ProcessScan[] = [];
  for (const process of chosenProcesses(kernel, given)) {
    scans.push(scanner.scan(process));
    out.progress(`${scans.length} processes`);
  }
  return { scans, limits: scanner.limits };
}

/** What there is to tell of a process beside its counts. */
async function tales(dump: Dump, kernel: Kernel, scan: ProcessScan): Promise<string[]> {
  const { suspicious, suspicions, problems } = scan;
  const who = whoOf(scan);
  const told = await toldOf(kernel, memoryOf(dump), scan);
  const more = suspicions > suspicious.length ? [`${who}: and ${suspicions - suspicious.length} more`] : [];
  return [
    ...problems.map((problem) => `${who}: ${problem}`),
    ...told.flatMap((one) => toldLines(kernel, who, one)),
    ...more,
  ];
}
