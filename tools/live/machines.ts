// What differs between the machines that can be booted: what each architecture's machines.ts says, and what is the same for all.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { archFolder, architectures } from "../common/workspaces.ts";
import type { ArchMachine, ArchMachines, Suites } from "./form.ts";

/** A machine, and the architecture whose kernels it runs. */
export interface Machine extends ArchMachine {
  /** Our name of the architecture. */
  readonly arch: string;
}

/** The machines by name. */
export const machines: Readonly<Record<string, Machine>> = Object.fromEntries(
  (
    await Promise.all(
      architectures()
        .map((arch) => ({ arch, file: new URL(`../../${archFolder(arch)}/machines.ts`, import.meta.url) }))
        .filter(({ file }) => fs.existsSync(fileURLToPath(file)))
        .map(async ({ arch, file }) => {
          const listed: ArchMachines = (await import(file.href)).machines;
          return Object.entries(listed).map(([name, machine]) => [name, { ...machine, arch }] as const);
        }),
    )
  ).flat(),
);

const everywhere: Suites = {
  "5.10": ["bullseye"],
  6.1: ["bookworm"],
  6.12: ["trixie"],
  newer: ["sid", "experimental"],
};

/** The Debian suites that may have a machine's kernel of a release, in the order they are looked through; none: none has. */
export function suitesOf(
  { suites = everywhere }: Pick<Machine, "suites">,
  kernel: string,
): readonly string[] {
  return suites[kernel.split(".").slice(0, 2).join(".")] ?? suites.newer ?? [];
}

/** The releases that Debian has kernels of for a machine. */
export function releasesOf({ debian, suites = everywhere }: Machine): string[] {
  return debian === undefined ? [] : Object.keys(suites);
}

/** The names that a machine goes by: ours, and Debian's of the architecture for the first that runs it. */
export function namesOf(name: string): string[] {
  const deb = machines[name]?.debian?.[0];
  const first = Object.entries(machines).find(([, { debian }]) => debian?.[0] === deb)?.[0];
  return deb !== undefined && first === name && deb !== name ? [name, deb] : [name];
}

/** The machine of a name, by the name that is ours; null where there is none. */
export function machineNamed(given: string): { name: string; machine: Machine } | null {
  const found = Object.entries(machines).find(([name]) => namesOf(name).includes(given));
  return found ? { name: found[0], machine: found[1] } : null;
}

/** The Kconfig symbols that every live file's `config` names where they are on, beside those that choose a layout. */
export const recordedSymbols: readonly string[] = [
  "PAGE_SHIFT",
  "PGTABLE_LEVELS",
  "PAGE_TABLE_ISOLATION",
  "MITIGATION_PAGE_TABLE_ISOLATION",
  "VMSPLIT_3G",
  "HIGHPTE",
  "SWAP",
  "MIGRATION",
  "MEMORY_FAILURE",
  "DEVICE_PRIVATE",
  "TRANSPARENT_HUGEPAGE",
  "THP_SWAP",
  "HAVE_ARCH_SOFT_DIRTY",
  "MEM_SOFT_DIRTY",
  "USERFAULTFD",
  "HAVE_ARCH_USERFAULTFD_WP",
  "PTE_MARKER",
  "PTE_MARKER_UFFD_WP",
  "ZRAM",
  "PROC_PAGE_MONITOR",
  "HUGETLB_PAGE",
].map((name) => `CONFIG_${name}`);

/** The command of the machine's. Throws a sentence where the kernel itself is the program. */
export function emulatorOf({ emulator, arch }: Machine): string {
  if (emulator === undefined) throw new Error(`a kernel of ${arch} runs in no emulator, which this needs`);
  return emulator[0];
}

/** What ran a kernel, as a file names it: QEMU's words, or the kernel's own. */
export function wordsOf({ emulator, args }: Machine, cpu: string): string {
  return (emulator === undefined ? args : [emulator[0], ...args, "-cpu", cpu]).join(" ");
}

/** The kernel modules that the guest's program needs, where they are no part of the kernel itself. */
export const neededModules: readonly string[] = ["zram", "loop"];
