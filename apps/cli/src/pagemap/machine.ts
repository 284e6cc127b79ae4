import fs from "node:fs";
import os from "node:os";
import { load } from "@ptekit/all";
import type { ArchBackend } from "@ptekit/core";

/** What this machine's kernel calls its swap types, where that is known. */
export interface Machine {
  readonly backend: ArchBackend | null;
  readonly pageBytes: bigint;
  /** The swap areas in the order of /proc/swaps. */
  readonly swapAreas: readonly string[];
}

export async function thisMachine(proc: string): Promise<Machine> {
  const backend = await backendHere();
  return { backend, pageBytes: pageBytes(proc), swapAreas: swapAreas(`${proc}/swaps`) };
}

async function backendHere(): Promise<ArchBackend | null> {
  const config = bootConfig(os.release());
  try {
    return (await load(os.machine())).for({ release: os.release(), ...(config === null ? {} : { config }) });
  } catch {
    return null;
  }
}

/** The running kernel's .config, where the distribution left it. */
function bootConfig(release: string): string | null {
  try {
    return fs.readFileSync(`/boot/config-${release}`, "utf8");
  } catch {
    return null;
  }
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
