// What vectors are made with: what each architecture's toolchain.ts says, and what is the same for all of them.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { archFolder, architectures } from "../common/workspaces.ts";
import type { ArchToolchain, Settings, Toolchain } from "./form.ts";

// Whatever gives a swap type or a flag of its own; olddefconfig drops what this architecture or release has not.
const everything = `
CONFIG_SWAP=y
CONFIG_COMPACTION=y
CONFIG_MIGRATION=y
CONFIG_MEMORY_HOTPLUG=y
CONFIG_MEMORY_HOTREMOVE=y
CONFIG_MEMORY_FAILURE=y
CONFIG_ZONE_DEVICE=y
CONFIG_DEVICE_PRIVATE=y
CONFIG_USERFAULTFD=y
CONFIG_PTE_MARKER_UFFD_WP=y
CONFIG_PROC_FS=y
CONFIG_CHECKPOINT_RESTORE=y
CONFIG_MEM_SOFT_DIRTY=y
CONFIG_TRANSPARENT_HUGEPAGE=y
CONFIG_NUMA_BALANCING=y
`;

// Needs code of a running kernel behind every function, or a compiler plugin; changes no bit of a PTE.
const plain = `
# CONFIG_LOCALVERSION_AUTO is not set
# CONFIG_WERROR is not set
# CONFIG_GCC_PLUGINS is not set
# CONFIG_STACKPROTECTOR is not set
# CONFIG_STACKPROTECTOR_STRONG is not set
# CONFIG_RETPOLINE is not set
# CONFIG_MITIGATION_RETPOLINE is not set
# CONFIG_SPECULATION_MITIGATIONS is not set
# CONFIG_CPU_MITIGATIONS is not set
# CONFIG_FTRACE is not set
# CONFIG_KASAN is not set
# CONFIG_CFI_CLANG is not set
# CONFIG_DEBUG_VM is not set
# CONFIG_DEBUG_INFO_BTF is not set
# CONFIG_MODVERSIONS is not set
# CONFIG_PARAVIRT is not set
# CONFIG_EXPOLINE is not set
# CONFIG_AMD_MEM_ENCRYPT is not set
# CONFIG_X86_USER_SHADOW_STACK is not set
`;

/** What one variant of an architecture is made with. */
export interface Target extends Required<Omit<Settings, "cpu">> {
  readonly kernelArch: string;
  readonly offsets: string;
  readonly fragment: string;
  readonly cpu?: string;
}

/** The architectures that vectors can be made of, by name: those whose folder has a toolchain.ts. */
export const targets: Readonly<Record<string, ArchToolchain>> = Object.fromEntries(
  await Promise.all(
    architectures()
      .map((name) => ({ name, file: new URL(`../../${archFolder(name)}/toolchain.ts`, import.meta.url) }))
      .filter(({ file }) => fs.existsSync(fileURLToPath(file)))
      .map(async ({ name, file }) => [name, (await import(file.href)).toolchain as ArchToolchain] as const),
  ),
);

/** Every architecture's compilers, by name. */
export const toolchains: Readonly<Record<string, Toolchain>> = Object.assign(
  {},
  ...Object.values(targets).map(({ compilers }) => compilers),
);

/** What one variant of an architecture is made with. Throws where it is not listed. */
export function targetOf(arch: string, variant: string): Target {
  const { compilers: _, variants = {}, ...common }: Partial<ArchToolchain> = targets[arch] ?? {};
  const own = variants[variant];
  const { kernelArch, offsets } = common;
  if (kernelArch === undefined || offsets === undefined || own === undefined)
    throw new Error(`no ${arch} ${variant} is listed`);
  const target = {
    toolchain: arch,
    cpus: [],
    symbols: [],
    defconfig: "defconfig",
    kernelArch,
    offsets,
    ...common,
    ...own,
  };
  return {
    ...target,
    symbols: target.symbols.map((name) => `CONFIG_${name}`),
    fragment: everything + plain + own.fragment,
  };
}

/** The toolchain of that name. Throws where it is not listed. */
export function toolchainNamed(name: string): Toolchain {
  const found = toolchains[name];
  if (!found) throw new Error(`no toolchain ${name} is listed`);
  return found;
}

/** The Kconfig lines that make a kernel like that of a vector file, whose `config` leaves out what is off. */
export function linesLike(config: Readonly<Record<string, string>>): string {
  return config.CONFIG_MEM_SOFT_DIRTY ? "" : "# CONFIG_MEM_SOFT_DIRTY is not set\n";
}

/** The Kconfig symbols that a vector file's `config` names, where they are on. */
export const recordedSymbols: readonly string[] = [
  "HMM",
  "HMM_MIGRATE",
  "MIPS_VA_BITS_48",
  "SWAP",
  "MIGRATION",
  "MEMORY_FAILURE",
  "ZONE_DEVICE",
  "DEVICE_PRIVATE",
  "USERFAULTFD",
  "HAVE_ARCH_USERFAULTFD_WP",
  "MEM_SOFT_DIRTY",
  "PTE_MARKER",
  "PTE_MARKER_UFFD_WP",
  "TRANSPARENT_HUGEPAGE",
  "NUMA_BALANCING",
  "PGTABLE_LEVELS",
  "X86_5LEVEL",
  "X86_PAE",
  "HIGHMEM4G",
  "HIGHMEM64G",
  "ARM_LPAE",
  "SPARSEMEM",
  "FLATMEM",
  "ARM64_VA_BITS",
  "ARM64_PA_BITS",
  "ARM64_4K_PAGES",
  "ARM64_16K_PAGES",
  "ARM64_64K_PAGES",
  "X86_64",
].map((name) => `CONFIG_${name}`);

/** The constants that a vector file's `constants` names, where the kernel defines the macro. */
export const recordedConstants: readonly string[] = [
  "PAGE_SHIFT",
  "BITS_PER_LONG",
  "MAX_SWAPFILES",
  "MAX_SWAPFILES_SHIFT",
  "SWP_TYPE_SHIFT",
  "SWP_OFFSET_MASK",
  "SWP_HWPOISON",
  "SWP_HWPOISON_NUM",
  "SWP_MIGRATION_NUM",
  "SWP_MIGRATION_READ",
  "SWP_MIGRATION_READ_EXCLUSIVE",
  "SWP_MIGRATION_WRITE",
  "SWP_DEVICE_NUM",
  "SWP_DEVICE_WRITE",
  "SWP_DEVICE_READ",
  "SWP_DEVICE_EXCLUSIVE",
  "SWP_DEVICE_EXCLUSIVE_WRITE",
  "SWP_DEVICE_EXCLUSIVE_READ",
  "SWP_PTE_MARKER",
  "SWP_PTE_MARKER_NUM",
  "SWP_SWAPIN_ERROR",
  "SWP_SWAPIN_ERROR_NUM",
  "SWP_PFN_BITS",
  "SWP_PFN_MASK",
  "SWP_MIG_YOUNG_BIT",
  "SWP_MIG_DIRTY_BIT",
  "SWP_MIG_TOTAL_BITS",
  "SWP_MIG_YOUNG",
  "SWP_MIG_DIRTY",
  "PTE_MARKER_UFFD_WP",
  "PTE_MARKER_POISONED",
  "PTE_MARKER_GUARD",
  "PTE_MARKER_MASK",
  "MAX_PHYSMEM_BITS",
  "SWP_TYPE_BITS",
  "SWP_OFFSET_FIRST_BIT",
  "SWP_OFFSET_SHIFT",
];

/** The kinds of entry that name a PFN, in the order a vector file lists them. */
export const specialKinds: readonly string[] = [
  "migration-read",
  "migration-read-exclusive",
  "migration-write",
  "device-private-read",
  "device-private-write",
  "device-exclusive",
  "device-exclusive-read",
  "device-exclusive-write",
  "hwpoison",
  "swapin-error",
];
