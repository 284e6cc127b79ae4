import fs from "node:fs";
import type { ArchBackend } from "@ptekit/core";
import { backendOfMachine } from "../this-machine.ts";

/** What this machine's kernel calls its swap types, where that is known. */
export interface Machine {
  readonly backend: ArchBackend | null;
  readonly pageBytes: bigint;
  /** The swap areas in the order of /proc/swaps. */
  readonly swapAreas: readonly string[];
}

export async function thisMachine(proc: string): Promise<Machine> {
  const backend = await backendOfMachine();
  return { backend, pageBytes: pageBytes(proc), swapAreas: swapAreas(`${proc}/swaps`) };
}

/** The kernel's page size, from the auxiliary vector (AT_PAGESZ is 6). */
function pageBytes(proc: string): bigint {
  try {
    const words = fs.readFileSync(`${proc}/self/auxv`);
    for (let at = 0; at + 16 <= words.length; at += 16) {
      if (words.readBigUInt64LE(at) === 6n) return words.readBigUInt64LE(at + 8);
    }
  } catch {
    // No auxv: 4K pages.
  }
  return 4096n;
}

function swapAreas(path: string): string[] {
  try {
    return fs
      .readFileSync(path, "utf8")
      .split("\n")
      .slice(1)
      .flatMap((line) => line.split(/\s/)[0] || []);
  } catch {
    return [];
  }
}
