// A scan for scripts: the dump first, then a line for each process.
import { hex, shortHex } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import type { Kernel, ProcessScan, Suspicion } from "@ptekit/introspect";
import { scannerOf } from "@ptekit/introspect";
import { dumpJson, keysOf } from "./describe.ts";

/** All lines of a dump's scan. */
export async function scanLines(dump: Dump, kernel: Kernel): Promise<readonly object[]> {
  const scanner = await scannerOf(kernel, dump.memory);
  const lines = [...kernel.processes()].map((process) => processJson(kernel, scanner.scan(process)));
  return [{ dump: dumpJson(dump, kernel) }, ...lines];
}

/** The line of a process. */
export function processJson(
  kernel: Kernel,
  { suspicious, ...process }: ProcessScan,
): Record<string, unknown> {
  return { ...keysOf(kernel), ...process, suspicious: suspicious.map((one) => suspicionJson(kernel, one)) };
}

const suspicionJson = (
  { backend }: Kernel,
  { kind, address, level, entry, sentence }: Suspicion,
): object => ({
  kind,
  address: shortHex(address),
  level,
  entry: entry === null ? null : hex(entry, backend.layout.pteBits),
  sentence,
});
