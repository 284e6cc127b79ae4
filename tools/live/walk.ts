// From a root register and a dump of memory to the page-table entry of one address, as the hardware walks.
import fs from "node:fs";

/** Words of guest memory, by physical address. */
export interface Words {
  word(address: bigint, bytes: 4 | 8): bigint;
}

/** The entry of an address, or why there is none. */
export type Found = { readonly pte: bigint } | { readonly why: string };

type Read = (memory: Words, vaddr: bigint) => Found;
type Registers = Readonly<Record<string, bigint>>;

/** How tables are read from some registers on. */
export interface Walker {
  readonly levels: number;
  readonly pageSize: number;
  readonly read: Read;
}

/** Guest memory in a file: words by physical address, least byte first. */
export function openMemory(file: string, base: bigint): Words & { close(): void } {
  const fd = fs.openSync(file, "r");
  const { size } = fs.fstatSync(fd);
  return {
    word(address: bigint, bytes: 4 | 8): bigint {
      const at = Number(address - base);
      if (address < base || at + bytes > size)
        throw new Error(`the tables lead to 0x${address.toString(16)}, outside the guest's memory`);
      const buffer = Buffer.alloc(bytes);
      fs.readSync(fd, buffer, 0, bytes, at);
      return bytes === 8 ? buffer.readBigUInt64LE() : BigInt(buffer.readUInt32LE());
    },
    close: () => fs.closeSync(fd),
  };
}

interface ArchWalker {
  readonly registers: readonly string[];
  walker(registers: Registers): Walker;
}

/** A register that QEMU was asked for. */
function registerOf(registers: Registers, name: string): bigint {
  const value = registers[name];
  if (value === undefined) throw new Error(`the register ${name} was not read`);
  return value;
}

/** How each architecture's tables are read: the registers it takes, and a walker from their values. */
export const walkers: Readonly<Record<string, ArchWalker>> = {
  x86_64: {
    registers: ["cr3", "cr4"],
    walker: (registers) => {
      const [cr3, cr4] = [registerOf(registers, "cr3"), registerOf(registers, "cr4")];
      const levels = (cr4 >> 12n) & 1n ? 5 : 4; // CR4.LA57
      return {
        levels,
        pageSize: 4096,
        read: tree({ root: field(cr3, 51, 12), levels, pageShift: 12, next: nextX86 }),
      };
    },
  },
  arm64: {
    registers: ["TTBR0_EL1", "TCR_EL1"],
    walker: (registers) => {
      const TCR_EL1 = registerOf(registers, "TCR_EL1");
      const pageShift = [12, 16, 14][Number((TCR_EL1 >> 14n) & 3n)] ?? 12; // TG0
      const addressBits = 64 - Number(TCR_EL1 & 63n); // T0SZ
      const levels = Math.ceil((addressBits - pageShift) / (pageShift - 3));
      const root = field(registerOf(registers, "TTBR0_EL1"), 47, 1);
      return { levels, pageSize: 1 << pageShift, read: tree({ root, levels, pageShift, next: nextArm }) };
    },
  },
  arm: {
    registers: ["TTBR0", "TTBR0_EL1", "TTBCR"],
    walker: (registers) =>
      (registerOf(registers, "TTBCR") >> 31n) & 1n // EAE: long descriptors
        ? {
            levels: 3,
            pageSize: 4096,
            read: tree({
              root: field(registerOf(registers, "TTBR0_EL1"), 39, 5),
              levels: 3,
              pageShift: 12,
              next: nextArm,
            }),
          }
        : {
            levels: 2,
            pageSize: 4096,
            read: shortDescriptors(field(registerOf(registers, "TTBR0"), 31, 14)),
          },
  },
};

type Next = (entry: bigint, pageShift: number) => bigint | string;

interface Tree {
  readonly root: bigint;
  readonly levels: number;
  readonly pageShift: number;
  readonly next: Next;
}

/**
 * A reader of 64-bit tables, each a page of 2^(pageShift-3) entries: the PTE, or why there is none ("no table", "huge").
 * `next`: where an upper entry leads.
 */
function tree({ root, levels, pageShift, next }: Tree): Read {
  const indexBits = pageShift - 3;
  return (memory, vaddr) => {
    let table = root;
    for (let level = levels - 1; ; level--) {
      const shift = BigInt(pageShift + level * indexBits);
      const index = (vaddr >> shift) & ((1n << BigInt(indexBits)) - 1n);
      const entry = memory.word(table + index * 8n, 8);
      if (level === 0) return { pte: entry };
      const below = next(entry, pageShift);
      if (typeof below === "string") return { why: below };
      table = below;
    }
  };
}

function nextX86(entry: bigint): bigint | string {
  if ((entry & 1n) === 0n) return "no table"; // P
  return (entry >> 7n) & 1n ? "huge" : field(entry, 51, 12); // PS
}

// Long descriptors, on arm64 and on arm with LPAE.
function nextArm(entry: bigint, pageShift: number): bigint | string {
  if ((entry & 1n) === 0n) return "no table";
  return (entry & 2n) === 0n ? "huge" : field(entry, 47, pageShift);
}

// arm's short descriptors: the first level has an entry a mebibyte. Linux keeps its own PTEs, with what the hardware has
// no bits for, 2048 bytes below the table that the hardware reads. See arch/arm/include/asm/pgtable-2level.h.
function shortDescriptors(root: bigint): Read {
  return (memory, vaddr) => {
    const entry = memory.word(root + (vaddr >> 20n) * 4n, 4);
    if ((entry & 3n) !== 1n) return { why: (entry & 3n) === 0n ? "no table" : "huge" };
    return { pte: memory.word(field(entry, 31, 10) - 2048n + field(vaddr, 19, 12) / 1024n, 4) };
  };
}

/** Bits high..low of a word, in place. */
function field(word: bigint, high: number, low: number): bigint {
  return word & (((1n << BigInt(high - low + 1)) - 1n) << BigInt(low));
}
