/**
 * Bytes that can be read at any place, at once: a file, a buffer, a Blob in a worker.
 *
 * Sources are read synchronously, because a walk through page tables is a chain of small reads that depend on each other.
 */
export interface ByteSource {
  /** In messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Fills `into` from byte `offset` on; returns how many bytes there were, fewer than asked for only at the end. */
  read(offset: number, into: Uint8Array): number;
}

/**
 * What a read of physical memory came to.
 *
 * - `read`: the bytes are there.
 * - `excluded`: the machine had this memory, and whoever wrote the dump left it out.
 * - `outside`: the machine had no memory there, as far as the dump says.
 * - `lost`: the dump should hold it and does not: an incomplete dump, a file cut short, a part of a set that was not given.
 * - `damaged`: what the dump holds of it cannot be decompressed.
 */
export type ReadOutcome = "read" | "excluded" | "outside" | "lost" | "damaged";

/** Physical memory from `start` up to, not including, `end`. */
export interface PhysicalRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The memory of a machine, by physical address. */
export interface PhysicalMemory {
  /** The memory that the machine had, lowest first, neighbours joined; also what was left out of the dump. */
  readonly ranges: readonly PhysicalRange[];
  /**
   * Fills `into` from physical address `address` on. Where not all of it is there, returns why for the first byte that is
   * not, and `into` is partly filled.
   *
   * @throws DumpError `NO_DECOMPRESSOR`, and `BAD_FILE` where the file can no longer be read.
   */
  read(address: bigint, into: Uint8Array): ReadOutcome;
}

/** One note of an ELF core or of a kdump header. */
export interface DumpNote {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
}

/** `uname` of the machine, as the header of a kdump-compressed file has it. Bytes of a stranger: may hold anything. */
export interface Utsname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly domainname: string;
}

/** How the bytes of a dump are laid out. `kdump` is makedumpfile's compressed form, also QEMU's; `raw` has no header. */
export type DumpForm = "elf" | "kdump" | "lime" | "avml" | "raw";

/** How pages of a dump can be compressed. */
export type Compression = "zlib" | "lzo" | "snappy" | "zstd";

/** A dump: its memory, and what its headers say. What a header does not say is null. */
export interface Dump {
  readonly form: DumpForm;
  /** Whether it was written for a pipe (`makedumpfile -F`; QEMU's kdump forms). */
  readonly flattened: boolean;
  /** How many files it is made of: more than one for `makedumpfile --split`. */
  readonly parts: number;
  /** How its pages are compressed, as its header or its first page says; null where they are not. */
  readonly compression: Compression | null;
  /** The form's own version: 1 to 6 for kdump, 1 for LiME, 2 for compressed AVML. */
  readonly version: number | null;
  /** What makedumpfile was told to leave out (`-d`), where the header has it. */
  readonly dumpLevel: number | null;
  /** Whether the file is as long as it says, and does not call itself incomplete. */
  readonly complete: boolean;
  /** `e_machine` of an ELF core. */
  readonly elfMachine: number | null;
  readonly utsname: Utsname | null;
  /** The width of the machine that the header was written for. */
  readonly bits: 32 | 64 | null;
  readonly byteOrder: "little" | "big" | null;
  /** The text of the VMCOREINFO note. */
  readonly vmcoreinfo: string | null;
  /** The notes, VMCOREINFO among them. */
  readonly notes: readonly DumpNote[];
  readonly memory: PhysicalMemory;
}

/**
 * Decompresses `input` into `into`; returns how many bytes were written.
 * Throws for anything that is no whole compressed block, or is larger than `into`, which it may not exceed.
 */
export type Decompress = (input: Uint8Array, into: Uint8Array) => number;

/** The decompressors that a dump may need and that this package does not bring; LZO and snappy are its own. */
export interface Decompressors {
  readonly zlib?: Decompress;
  readonly zstd?: Decompress;
}

/** How to open a dump. */
export interface OpenOptions {
  /** {@link portableDecompressors}, or nodeDecompressors of `@ptekit/dump/node`. Default: none. */
  readonly decompressors?: Decompressors;
  /** Says that the file is raw memory without a header, and at which physical address it begins. */
  readonly ramBase?: bigint;
  /** How much decompressed memory is kept, in bytes. Default: 16 MiB. */
  readonly cacheBytes?: number;
}
