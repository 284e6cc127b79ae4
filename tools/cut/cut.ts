// A dump of the pages alone that a scan of a dump reads; a valid dump, small enough to go with a test or a report.
import fs from "node:fs";
import zlib from "node:zlib";
import type { Dump, PhysicalMemory } from "@ptekit/dump";
import { openDumpFile } from "@ptekit/dump/node";
import type { Kernel } from "@ptekit/introspect";
import { openKernel, scannerOf } from "@ptekit/introspect";
import { kdumpFile } from "../../packages/dump/test/write.ts";
import { FAULTS, tablesOfProcess, withFault } from "../../packages/introspect/test/faults.ts";

const PAGE = 4096;
const ZLIB = 1;
const MACHINES: Readonly<Record<string, string>> = { x86_64: "x86_64", arm64: "aarch64", riscv: "riscv64" };

/** Memory that writes down which pages were read; of `only`, where it is given, the others are left out. */
function watched(memory: PhysicalMemory, seen: Set<number>, only?: ReadonlySet<number>): PhysicalMemory {
  return {
    ranges: memory.ranges,
    read: (address, into) => {
      const last = Math.floor((Number(address) + into.length - 1) / PAGE);
      for (let page = Math.floor(Number(address) / PAGE); page <= last; page++) {
        if (only !== undefined && !only.has(page)) return "excluded";
        seen.add(page);
      }
      return memory.read(address, into);
    },
  };
}

/** Everything that a scan says, as one text: what must be the same after the cut. */
async function scanned(dump: Dump, memory: PhysicalMemory): Promise<{ kernel: Kernel; said: string }> {
  const kernel = await openKernel({ ...dump, memory });
  const scanner = await scannerOf(kernel, memory);
  const scans = [...kernel.processes()].map((process) => [process, scanner.scan(process)]);
  const said = JSON.stringify([scans, kernel.swapDevices(), scanner.limits], (_, value) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
  return { kernel, said };
}

/** The pages to keep. Where VMCOREINFO was found by a search through all of memory, the page that it was found in is enough. */
async function pagesOf(
  dump: Dump,
  memory: PhysicalMemory,
): Promise<{ keep: Set<number>; kernel: Kernel; said: string }> {
  const keep = new Set<number>();
  const { kernel, said } = await scanned(dump, watched(memory, keep));
  const place = /found in memory at (0x[0-9a-f]+)/.exec(kernel.how.vmcoreinfo)?.[1];
  if (place === undefined) return { keep, kernel, said };
  const few = new Set([Number(place) / PAGE]);
  await scanned({ ...dump, vmcoreinfo: kernel.vmcoreinfo.text }, watched(memory, few));
  return { keep: few, kernel, said };
}

export interface CutOptions {
  /** Put into the page tables first: a key of FAULTS. */
  readonly fault?: string;
  readonly seed?: number;
  readonly ramBase?: bigint;
}

/** Writes the cut dump; returns what it holds. */
export async function cut(
  files: readonly string[],
  out: string,
  { fault, seed = 1, ramBase }: CutOptions = {},
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const dump = await openDumpFile(files, ramBase === undefined ? {} : { ramBase });
  try {
    const memory = fault === undefined ? dump.memory : await faulty(dump, fault, seed);
    const { keep, kernel, said } = await pagesOf(dump, memory);
    // A page of the machine's is kept whole.
    const each = kernel.pageSize / PAGE;
    for (const page of [...keep]) for (let i = 0; i < each; i++) keep.add(Math.floor(page / each) * each + i);
    const after = await scanned(dump, watched(memory, new Set(), keep));
    if (after.said !== said) throw new Error("the cut dump would not say the same");
    const bytes = new Uint8Array(PAGE);
    const pages = new Map<number, Uint8Array>();
    for (const page of [...keep].sort((a, b) => a - b)) {
      if (memory.read(BigInt(page) * BigInt(PAGE), bytes) !== "read") continue;
      const packed = zlib.deflateSync(bytes, { level: 9 });
      pages.set(page, packed.length < PAGE ? packed : bytes.slice());
    }
    const machine = dump.memory.ranges.flatMap(({ start, end }) =>
      Array.from({ length: Number(end - start) / PAGE }, (_, i) => Number(start) / PAGE + i),
    );
    fs.writeFileSync(
      out,
      kdumpFile({
        frames: Number(dump.memory.ranges.at(-1)?.end ?? 0n) / PAGE,
        machine,
        pages,
        status: ZLIB,
        flags: (page) => (page.length < PAGE ? ZLIB : 0),
        utsname: {
          nodename: kernel.host ?? "(none)",
          release: kernel.release,
          machine: MACHINES[kernel.arch.name] ?? "",
        },
        ...(dump.vmcoreinfo === null ? {} : { vmcoreinfo: dump.vmcoreinfo }),
      }),
    );
    return { pages: pages.size, bytes: fs.statSync(out).size };
  } finally {
    dump.close();
  }
}

async function faulty(dump: Dump, kind: string, seed: number): Promise<PhysicalMemory> {
  const make = FAULTS[kind];
  if (make === undefined) throw new Error(`--fault ${kind}: there is ${Object.keys(FAULTS).join("; ")}`);
  const kernel = await openKernel(dump);
  const tables = [...kernel.processes()].map((process) => tablesOfProcess(kernel, dump.memory, process));
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * Math.max(1, limit));
  };
  for (let i = 0; i < 100; i++) {
    const fault = make(kernel, tables, below, dump.memory);
    if (fault !== null) return withFault(dump.memory, fault);
  }
  throw new Error(`the dump has no place for this fault: ${kind}`);
}
