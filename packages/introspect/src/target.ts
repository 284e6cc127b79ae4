// The target that a dump is of: what its numbers decide.
import type { Architecture, ConfigValue, Target, VmcoreData, VmcoreRule } from "@ptekit/core";
import type { Fact } from "./facts.ts";
import type { Vmcoreinfo } from "./vmcoreinfo.ts";

/** A target whose every part is there, and its configuration single symbols. */
export interface KernelTarget extends Target {
  readonly cpu: readonly string[];
  readonly config: Record<string, ConfigValue>;
}

/** What VMCOREINFO says of the kernel: its CPU, its pages, its Kconfig. */
export function targetOf(
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

/** The Kconfig symbols by which an architecture has pages of that size. */
export function pageSizeConfig(
  { pageShift }: Architecture,
  pageSize: number | null,
): Record<string, ConfigValue> {
  const row = pageShift.find(({ shift }) => 2 ** shift === pageSize);
  const named = (row?.when ?? []).filter((name) => name.startsWith("CONFIG_") && !name.includes("="));
  return Object.fromEntries(named.map((name) => [name, "y"]));
}
