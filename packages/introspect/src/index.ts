export type { Member, Types } from "./btf/types.ts";
export type { Fact } from "./facts.ts";
export type { How, Kernel, KernelDump, KernelOptions, Process } from "./interface.ts";
export type { AddressSpace, Vma } from "./mm/spaces.ts";
export type { SwapDevice } from "./mm/swap.ts";
export { openKernel } from "./open.ts";
export type { KernelMemory } from "./virtual.ts";
export type { Vmcoreinfo } from "./vmcoreinfo.ts";
export { findVmcoreinfo, parseVmcoreinfo } from "./vmcoreinfo.ts";
