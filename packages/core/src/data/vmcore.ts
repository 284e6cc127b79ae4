import type { Predicate } from "./predicate.ts";

/** A NUMBER of VMCOREINFO that decides something. Without `is` and `below`, that it is there decides. */
export interface VmcoreRule {
  /** `pgtable_l5_enabled` */
  readonly number: string;
  readonly is?: bigint;
  readonly below?: bigint;
}

/** How a dump of an architecture's kernel says what it is, and where in physical memory the kernel lies. */
export interface VmcoreData {
  /** `e_machine` of an ELF core: EM_X86_64. */
  readonly elfMachine: number;
  /**
   * The physical address of what is in the kernel's image: its virtual address minus `minus` plus `plus`, each a number or
   * the name of one in VMCOREINFO, modulo 2^64.
   */
  readonly image: { readonly minus: bigint | string; readonly plus?: string };
  /** The NUMBER that has the bits of an entry which encrypt memory, and are no part of an address. */
  readonly encryption?: string;
  /**
   * Where the kernel has a root of its own: true of each valid entry that leads to a table or maps a page of the kernel's, at
   * any level, and of none that maps a page of user space. By it user space's tables are told from other memory.
   */
  readonly kernelEntry?: Predicate;
  /** CPU features that a NUMBER tells; the first of a choice that fits. */
  readonly cpus?: readonly (VmcoreRule & { readonly name: string })[];
  /** Kconfig symbols whose value is a NUMBER. */
  readonly config?: readonly { readonly name: string; readonly number: string }[];
  readonly citation: string;
}
