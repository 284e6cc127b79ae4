import type { ArchBackend, Architecture, Target } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import type { Types } from "./btf/types.ts";
import type { Fact } from "./facts.ts";
import type { AddressSpace } from "./mm/spaces.ts";
import type { SwapDevice } from "./mm/swap.ts";
import type { KernelMemory } from "./virtual.ts";
import type { Vmcoreinfo } from "./vmcoreinfo.ts";

/** What is needed of a dump: its memory, and what its headers say. A `Dump` of `@ptekit/dump` is one. */
export type KernelDump = Pick<Dump, "memory" | "vmcoreinfo" | "elfMachine" | "utsname">;

/** What a caller knows better than the dump. */
export interface KernelOptions {
  /** The text of a VMCOREINFO, where the dump has none or a wrong one (`/sys/kernel/vmcoreinfo` says where one lies). */
  readonly vmcoreinfo?: string;
  /** The kernel's types, where the dump has none: `/sys/kernel/btf/vmlinux`, or vmlinux's section .BTF. */
  readonly btf?: Uint8Array;
  /** The architecture by name or alias, or one of your own, where nothing says it. */
  readonly arch?: string | Architecture;
  /** The release, `6.12.0`, for a dump in which no kernel is found: its page tables are read as those of that one. */
  readonly release?: string;
}

/** How a part was found, in a few words: `"the dump's note"`. */
export type How = string;

/** A process: the tasks that share an address space. Where tasks cannot be read, page tables that look like a process's. */
export interface Process {
  /** Of the first thread group that has this address space; null where its page tables alone were found. */
  readonly pid: number | null;
  /** A stranger's bytes, up to 15 of them, one character each; null with the pid. */
  readonly comm: string | null;
  /** Other thread groups with the same address space (vfork). */
  readonly others: readonly number[];
  /** Where its mm_struct is; null with the pid. */
  readonly mm: bigint | null;
  /** Its address space, or in a sentence why it is not in the dump. */
  readonly space: AddressSpace | string;
}

/** A kernel in a dump. What could not be found is null, and `problems` says why. */
export interface Kernel {
  readonly arch: Architecture;
  readonly target: Target;
  readonly backend: ArchBackend;
  readonly vmcoreinfo: Vmcoreinfo;
  readonly release: string;
  readonly buildId: string | null;
  readonly pageSize: number;
  /** The name of the machine, as `uname -n` has it. A stranger's bytes. */
  readonly host: string | null;
  /** How each part was found. */
  readonly how: {
    readonly vmcoreinfo: How;
    readonly arch: How;
    readonly symbols: How | null;
    readonly types: How | null;
    /** Known once {@link Kernel.processes} was asked. */
    readonly processes: How | null;
  };
  /** What tells of the configuration and the CPU. */
  readonly facts: readonly Fact[];
  readonly memory: KernelMemory;
  /** Physical address of the kernel's own top table; null where no kernel was found, but page tables. */
  readonly root: bigint | null;
  /** Bits of an entry that encrypt memory, for the TreeOptions of core's walk; 0 where there are none. */
  readonly smeMask: bigint;
  /** Addresses of the symbols that were looked for. */
  readonly symbols: ReadonlyMap<string, bigint> | null;
  readonly types: Types | null;
  /** What was in the way, in sentences. */
  readonly problems: readonly string[];
  /**
   * Every process, in the order of the task list; its areas are read when it is reached. Where there is no task list to be
   * read, all of memory is searched for page tables that look like a process's: each is one without name, pid and areas.
   */
  processes(): Generator<Process, void, undefined>;
  /** How many thread groups there are, kernel threads and the idle task among them. */
  tasks(): number;
  /** Swap devices, or in a sentence why they are not known. */
  swapDevices(): readonly SwapDevice[] | string;
}
