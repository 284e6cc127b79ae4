// A scan for scripts: the dump first, then a line for each process.
import { shortHex } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import type { Kernel, ProcessScan } from "@ptekit/introspect";
import { scannerOf } from "@ptekit/introspect";
import { dumpJson, keysOf, memoryOf } from "./describe.ts";
import { toldJson, toldOf } from "./told.ts";

/** All lines of a dump's scan. */
export async function scanLines(dump: Dump, kernel: Kernel): Promise<readonly object[]> {
  const scanner = await scannerOf(kernel, dump.memory);
  const lines: object[] = [{ dump: dumpJson(dump, kernel, scanner.limits) }];
  for (const process of kernel.processes())
    lines.push(await processJson(dump, kernel, scanner.scan(process)));
  return lines;
}

/** The line of a process. */
export async function processJson(
  dump: Dump,
  kernel: Kernel,
  scan: ProcessScan,
): Promise<Record<string, unknown>> {
  const told = await toldOf(kernel, memoryOf(dump), scan);
  return {
    ...keysOf(kernel),
    ...scan,
    root: scan.root === null ? null : shortHex(scan.root),
    suspicious: told.map((one) => toldJson(kernel, one)),
  };
}
