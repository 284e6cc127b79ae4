// Which kernel this is, and where its own tables are.
import { canonical, elfMachines, load, loadAll } from "@ptekit/all";
import type { ArchBackend, Architecture, ConfigValue, Target, VmcoreData, VmcoreRule } from "@ptekit/core";
import { longBitsOf, PtekitError } from "@ptekit/core";
import type { Fact } from "./facts.ts";
import type { How, KernelDump, KernelOptions } from "./interface.ts";
import { because } from "./mm/tasks.ts";
import { hex } from "./text.ts";
import { translateBy } from "./translate.ts";
import { type KernelMemory, kernelMemory } from "./virtual.ts";
import { findVmcoreinfo, parseVmcoreinfo, type Vmcoreinfo } from "./vmcoreinfo.ts";

/** A target whose every part is there, and its configuration single symbols. */
export interface KernelTarget extends Target {
  readonly cpu: readonly string[];
  readonly config: Record<string, ConfigValue>;
}

/** A kernel whose own tables were found, and lead where VMCOREINFO says. */
export interface FoundKernel {
  readonly arch: Architecture;
  readonly vmcoreinfo: Vmcoreinfo;
  /** Where the image begins: _stext. */
  readonly image: bigint;
  readonly memory: KernelMemory;
  readonly root: bigint;
  /** Bits of an entry that encrypt memory; 0 where there are none. */
  readonly smeMask: bigint;
  readonly target: KernelTarget;
  readonly backend: ArchBackend;
  readonly facts: readonly Fact[];
  readonly how: { readonly vmcoreinfo: How; readonly arch: How };
}

/**
 * The kernel that a dump is of.
 *
 * @throws PtekitError `NO_VMCOREINFO`, `NO_KERNEL`, `UNKNOWN_ARCH`, and what `Architecture.for` throws for its release.
 */
export async function findKernel(dump: KernelDump, options: KernelOptions): Promise<FoundKernel> {
  const { archs, how } = await candidates(dump, options);
  const reasons: string[] = [];
  for (const text of texts(dump, options)) {
    const vmcoreinfo = parseVmcoreinfo(text.text);
    // Of many that were tried, what is not described at all tells nothing.
    for (const arch of archs.length > 1 ? archs.filter(({ vmcore }) => vmcore !== undefined) : archs) {
      const found = kernelBy(dump, vmcoreinfo, arch);
      if (typeof found !== "string") return { ...found, how: { vmcoreinfo: text.how, arch: how } };
      reasons.push(`as ${arch.name}, ${found}`);
    }
  }
  if (reasons.length > 0)
    throw new PtekitError(
      "NO_KERNEL",
      `no kernel is where VMCOREINFO says: ${reasons.slice(0, 4).join("; ")}`,
    );
  throw new PtekitError(
    "NO_VMCOREINFO",
    "the dump has no VMCOREINFO note, and no page of it begins as one: what kernel this is, nothing says",
  );
}

/** VMCOREINFO texts, the likeliest first. Memory is searched only where those before it led to no kernel. */
function* texts(
  { memory, vmcoreinfo }: KernelDump,
  options: KernelOptions,
): Generator<{ readonly text: string; readonly how: How }, void, undefined> {
  if (options.vmcoreinfo !== undefined) {
    yield { text: options.vmcoreinfo, how: "given" };
    return;
  }
  if (vmcoreinfo !== null) yield { text: vmcoreinfo, how: "the dump's note" };
  for (const { address, text } of findVmcoreinfo(memory)) {
    if (text !== vmcoreinfo) yield { text, how: `found in memory at 0x${address.toString(16)}` };
  }
}

async function candidates(
  { utsname, elfMachine }: KernelDump,
  { arch }: KernelOptions,
): Promise<{ readonly archs: readonly Architecture[]; readonly how: How }> {
  if (arch !== undefined)
    return { archs: [typeof arch === "string" ? await load(arch) : arch], how: "given" };
  const machine = utsname === null ? null : known(utsname.machine);
  if (machine !== null) return { archs: [await load(machine)], how: "the dump's utsname" };
  if (elfMachine === null) return { archs: await loadAll(), how: "its VMCOREINFO" };
  const names = elfMachines[elfMachine] ?? [];
  if (names.length === 0)
    throw new PtekitError(
      "UNKNOWN_ARCH",
      `the dump is of ELF machine ${elfMachine}, whose kernels are not read from dumps here`,
    );
  return { archs: await Promise.all(names.map(load)), how: "the ELF header" };
}

function known(name: string): string | null {
  try {
    return canonical(name);
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}

/** The kernel of a VMCOREINFO on an architecture, or a sentence that says why it is none. */
function kernelBy(
  { memory }: KernelDump,
  vmcoreinfo: Vmcoreinfo,
  arch: Architecture,
): Omit<FoundKernel, "how"> | string {
  const { release, pageSize } = vmcoreinfo;
  const data = arch.vmcore;
  if (data === undefined) return "how its kernel lies in memory is not described";
  const image = vmcoreinfo.symbol("_stext");
  const top = vmcoreinfo.symbol("swapper_pg_dir");
  if (release === null || image === null || top === null)
    return "VMCOREINFO lacks OSRELEASE, SYMBOL(_stext) or SYMBOL(swapper_pg_dir)";
  const physical = imageToPhysical(data.image, vmcoreinfo);
  if (physical === null) return "VMCOREINFO lacks the NUMBER by which the image is found";
  const { target, facts } = targetOf(arch, data, vmcoreinfo, release);
  const backend = arch.for(target);
  const { byteOrder, pageShift } = backend.kernel;
  if (pageSize !== null && 2 ** pageShift !== pageSize) return `it has no pages of ${pageSize} bytes`;
  const root = physical(top);
  const smeMask = data.encryption === undefined ? 0n : (vmcoreinfo.number(data.encryption) ?? 0n);
  const translate = translateBy(memory, backend, root, smeMask);
  const outcome = memory.read(root, new Uint8Array(8));
  if (outcome !== "read") return `its top table, at ${hex(root)}, is ${because(outcome)}`;
  if (translate(image)?.physical !== physical(image)) return "swapper_pg_dir does not lead to _stext";
  const shape = { bits: longBitsOf(backend.layout), little: byteOrder === "little", pageShift };
  return {
    arch,
    vmcoreinfo,
    image,
    root,
    smeMask,
    target,
    backend,
    facts,
    memory: kernelMemory(memory, translate, shape),
  };
}

/** What VMCOREINFO says of the kernel: its CPU, its pages, its Kconfig. */
function targetOf(
  arch: Architecture,
  data: VmcoreData,
  vmcoreinfo: Vmcoreinfo,
  release: string,
): { readonly target: KernelTarget; readonly facts: readonly Fact[] } {
  const config = pageSizeConfig(arch, vmcoreinfo.pageSize);
  const facts: Fact[] = [];
  for (const { name, number } of data.config ?? []) {
    const value = vmcoreinfo.number(number);
    const known = arch.symbols.find((symbol) => symbol.name === name);
    if (value === null || (known?.default !== Number(value) && !known?.values?.includes(Number(value))))
      continue;
    config[name] = Number(value);
    facts.push({ name, value: Number(value), evidence: `VMCOREINFO has NUMBER(${number})` });
  }
  const cpu: string[] = [];
  for (const rule of data.cpus ?? []) {
    if (!decides(rule, vmcoreinfo)) continue;
    cpu.push(rule.name);
    facts.push({
      name: rule.name,
      value: "y",
      evidence: `VMCOREINFO has NUMBER(${rule.number})=${vmcoreinfo.number(rule.number)}`,
    });
  }
  return { target: { release, cpu, config }, facts };
}

function decides({ number, is, below }: VmcoreRule, vmcoreinfo: Vmcoreinfo): boolean {
  const value = vmcoreinfo.number(number);
  return value !== null && (is === undefined || value === is) && (below === undefined || value < below);
}

/** Physical addresses of what is in the kernel's image, modulo 2^64 as the kernel's own arithmetic. */
function imageToPhysical(
  { minus, plus }: VmcoreData["image"],
  { number }: Vmcoreinfo,
): ((address: bigint) => bigint) | null {
  const from = typeof minus === "bigint" ? minus : number(minus);
  const to = plus === undefined ? 0n : number(plus);
  return from === null || to === null ? null : (address) => BigInt.asUintN(64, address - from + to);
}

/** The Kconfig symbols by which an architecture has pages of that size. */
function pageSizeConfig({ pageShift }: Architecture, pageSize: number | null): Record<string, ConfigValue> {
  const row = pageShift.find(({ shift }) => 2 ** shift === pageSize);
  const named = (row?.when ?? []).filter((name) => name.startsWith("CONFIG_") && !name.includes("="));
  return Object.fromEntries(named.map((name) => [name, "y"]));
}
