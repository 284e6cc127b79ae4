// Faults put into the tables of a dump, one at a time, each of a kind that memory errors and bugs leave behind.
import type { ArchBackend } from "@ptekit/core";
import { entries, longBitsOf, tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel, Process } from "../src/index.ts";

/** Bytes that lie over those of the dump, by physical address. */
export interface Fault {
  readonly kind: string;
  /** What was hit: `present: pfn`, `swap: swpOffset`. */
  readonly what?: string;
  readonly patches: readonly { readonly at: bigint; readonly bytes: Uint8Array }[];
}

export function withFault(memory: PhysicalMemory, { patches }: Fault): PhysicalMemory {
  return {
    ranges: memory.ranges,
    read: (address, into) => {
      const outcome = memory.read(address, into);
      if (outcome !== "read") return outcome;
      for (const { at, bytes } of patches) {
        // Where the patch begins among the bytes that were read; addresses of guests are exact as numbers.
        const offset = Number(at) - Number(address);
        const from = Math.max(0, offset);
        const until = Math.min(into.length, offset + bytes.length);
        if (from < until) into.set(bytes.subarray(from - offset, until - offset), from);
      }
      return outcome;
    },
  };
}

/** The kernel of a dump whose memory was altered: what it reads of its own is altered, where its tables lead is not. */
export function withMemory(kernel: Kernel, memory: PhysicalMemory): Kernel {
  const own = kernel.memory;
  const size = BigInt(kernel.pageSize);
  const read: typeof own.read = (address, into) => {
    for (let done = 0; done < into.length; ) {
      const at = address + BigInt(done);
      const length = Math.min(Number(size - (at % size)), into.length - done);
      const place = own.physical(at);
      if (place === null) return "unmapped";
      const outcome = memory.read(place, into.subarray(done, done + length));
      if (outcome !== "read") return outcome;
      done += length;
    }
    return "read";
  };
  return { ...kernel, memory: { ...own, read } };
}

/** An entry of a process: where it stands, and what it is. */
interface Place {
  readonly at: bigint;
  readonly address: bigint;
  readonly word: bigint;
  readonly kind: string;
}

interface Tables {
  readonly backend: ArchBackend;
  readonly places: readonly Place[];
  /** The tables of PTEs, and the upper entries that lead to them. */
  readonly tables: readonly bigint[];
  readonly upper: readonly { readonly at: bigint; readonly entry: bigint; readonly table: bigint }[];
}

export function tablesOfProcess(kernel: Kernel, memory: PhysicalMemory, { space }: Process): Tables {
  if (typeof space === "string" || space.root === null) throw new Error("a process without tables");
  const { backend, pageSize } = kernel;
  const places: Place[] = [];
  const tables: bigint[] = [];
  const read = (address: bigint, into: Uint8Array): string => memory.read(address, into);
  const inArea = (address: bigint): boolean =>
    space.vmas.some(
      ({ start, end, flags }) => address >= start && address < end && (flags & 0x40_0400n) === 0n,
    );
  for (const part of entries(backend, space.root, read)) {
    if (part.kind !== "entries" || part.level !== "pte") continue;
    for (const run of part.runs) {
      tables.push(run.at);
      for (let i = 0; i < run.count; i++) {
        const word = backend.fromBytes(part.bytes.subarray((run.first + i) * 8, (run.first + i + 1) * 8));
        const address = run.address + BigInt(i * pageSize);
        const { kind } = backend.decode(word);
        if (
          kind !== "none"
            ? inArea(address)
            : !space.vmas.some(({ start, end }) => address >= start && address < end)
        )
          places.push({ at: run.at + BigInt(8 * i), address, word, kind });
      }
    }
  }
  return { backend, places, tables, upper: upperEntries(kernel, memory, space.root, new Set(tables)) };
}

/** The upper entries that lead to tables of PTEs. */
function upperEntries(
  kernel: Kernel,
  memory: PhysicalMemory,
  root: bigint,
  wanted: ReadonlySet<bigint>,
): Tables["upper"] {
  const { geometry, layout } = kernel.backend;
  if (geometry === null) throw new Error("no geometry");
  const codecs = tablesOf(geometry, layout, "little");
  const found: { at: bigint; entry: bigint; table: bigint }[] = [];
  const visit = (depth: number, table: bigint): void => {
    const codec = codecs[depth];
    if (codec === undefined || depth === codecs.length - 1) return;
    const bytes = new Uint8Array(codec.entries * codec.bytes);
    if (memory.read(table, bytes) !== "read") return;
    for (let i = 0; i < (depth === 0 ? (geometry.root.userEntries ?? codec.entries) : codec.entries); i++) {
      const entry = codec.read(bytes, i);
      if (codec.kindOf(entry) !== "table") continue;
      const below = codec.below(entry);
      if (depth === codecs.length - 2 && wanted.has(below))
        found.push({ at: table + BigInt(i * codec.bytes), entry, table: below });
      visit(depth + 1, below);
    }
  };
  visit(0, root);
  if (longBitsOf(layout) !== 64) throw new Error("tables of 64 bits alone");
  return found;
}

const bytesOf = (word: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, word, true);
  return bytes;
};

/** Every kind of fault, made at random places of a process's tables; null where the process has no such place. */
export const FAULTS: Readonly<
  Record<
    string,
    (
      kernel: Kernel,
      all: readonly Tables[],
      below: (limit: number) => number,
      memory: PhysicalMemory,
    ) => Fault | null
  >
> = {
  "swap type without a device": (_, all, below) => {
    const tables = pick(all, below);
    const place = pickOf(tables, "swap", below);
    if (place === null) return null;
    const said = tables.backend.decode(place.word);
    const offset = said.kind === "swap" ? said.offset : 1n;
    return one("swap type without a device", place, tables.backend.encode({ type: 3 + below(15), offset }));
  },
  "offset past the device": (_, all, below) => {
    const tables = pick(all, below);
    const place = pickOf(tables, "swap", below);
    if (place === null) return null;
    const said = tables.backend.decode(place.word);
    const type = said.kind === "swap" ? said.type : 0;
    return one(
      "offset past the device",
      place,
      tables.backend.encode({ type, offset: 2n ** 23n + BigInt(below(2 ** 20)) }),
    );
  },
  "page frame outside memory": ({ backend }, all, below) => {
    const place = pickOf(pick(all, below), "present", below);
    // A bit of the frame's number that no machine of this size has set.
    const rows = backend.present?.fields.filter(({ kind }) => kind === "pfn") ?? [];
    const row = rows.find(({ from }) => from === 0);
    if (place === null || row === undefined) return null;
    return one("page frame outside memory", place, place.word ^ (1n << BigInt(row.low + 22 + below(6))));
  },
  "bit that no entry uses": ({ backend }, all, below) => {
    const tables = pick(all, below);
    const place = pickOf(tables, "swap", below);
    const rows = backend.layout.fields.filter(({ kind }) => kind === "spare" || kind === "zeros");
    const bits = rows.flatMap(({ high, low }) => Array.from({ length: high - low + 1 }, (_, i) => low + i));
    // A bit that would make it present makes it something else, and is another kind of fault.
    const useful =
      place === null
        ? []
        : bits.filter((bit) => backend.decode(place.word ^ (1n << BigInt(bit))).kind === "swap");
    if (place === null || useful.length === 0) return null;
    return one(
      "bit that no entry uses",
      place,
      place.word ^ (1n << BigInt(useful[below(useful.length)] as number)),
    );
  },
  "entry in no area": (_, all, below) => {
    const tables = pick(all, below);
    const place = pickOf(tables, "none", below);
    const model = pickOf(tables, "present", below);
    return place === null || model === null ? null : one("entry in no area", place, model.word);
  },
  "table outside memory": (_, all, below) => {
    const { upper } = pick(all, below);
    const entry = upper[below(upper.length)];
    return entry === undefined
      ? null
      : one("table outside memory", entry, entry.entry | (1n << BigInt(36 + below(3))));
  },
  "table of another process": (_, all, below) => {
    const from = pick(all, below);
    const to = pick(all, below);
    const source = from.upper[below(from.upper.length)];
    const target = to.upper[below(to.upper.length)];
    return source === undefined || target === undefined || from === to
      ? null
      : one("table of another process", target, source.entry);
  },
  "overwritten table": (_, all, below) => {
    const { tables } = pick(all, below);
    const at = tables[below(tables.length)];
    if (at === undefined) return null;
    return {
      kind: "overwritten table",
      patches: [{ at, bytes: Uint8Array.from({ length: 4096 }, () => below(256)) }],
    };
  },
  "overwritten table, with text": (_, all, below) => {
    const { tables } = pick(all, below);
    const at = tables[below(tables.length)];
    const text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor. ";
    return at === undefined
      ? null
      : {
          kind: "overwritten table, with text",
          patches: [
            { at, bytes: Uint8Array.from({ length: 4096 }, (_byte, i) => text.charCodeAt(i % text.length)) },
          ],
        };
  },
  "overwritten table, 64 bytes of it": (_, all, below) => {
    const { places } = pick(all, below);
    const used = places.filter(({ kind }) => kind !== "none");
    const place = used[below(used.length)];
    return place === undefined
      ? null
      : {
          kind: "overwritten table, 64 bytes of it",
          patches: [{ at: place.at & ~63n, bytes: Uint8Array.from({ length: 64 }, () => below(256)) }],
        };
  },
  "freed table, used for something else": (kernel, all, below, memory) => {
    const { tables } = pick(all, below);
    const at = tables[below(tables.length)];
    const bytes = new Uint8Array(4096);
    // What a page of the kernel's own holds: text, strings, pointers.
    const from = (kernel.vmcoreinfo.symbol("init_uts_ns") as bigint) & ~4095n;
    const place = kernel.memory.physical(from + BigInt(4096 * below(2)));
    if (
      at === undefined ||
      place === null ||
      memory.read(place, bytes) !== "read" ||
      bytes.every((byte) => byte === 0)
    )
      return null;
    return { kind: "freed table, used for something else", patches: [{ at, bytes }] };
  },
  "flipped bit of an entry": ({ backend }, all, below) => {
    const { places } = pick(all, below);
    const used = places.filter(({ kind }) => kind !== "none");
    const place = used[below(used.length)];
    if (place === undefined) return null;
    const bit = below(64);
    return {
      ...one("flipped bit of an entry", place, place.word ^ (1n << BigInt(bit))),
      what: `${place.kind}: ${rowOf(backend, place.kind, bit)}`,
    };
  },
  "flipped bit of an upper entry": (_, all, below) => {
    const { upper } = pick(all, below);
    const entry = upper[below(upper.length)];
    if (entry === undefined) return null;
    const bit = below(64);
    return {
      ...one("flipped bit of an upper entry", entry, entry.entry ^ (1n << BigInt(bit))),
      what: `bit ${bit}`,
    };
  },
  "freed table, its page in the free lists": (kernel, all, below) => {
    const { tables } = pick(all, below);
    const at = tables[below(tables.length)];
    const struct = at === undefined ? null : structPageOf(kernel, at);
    const refcount = kernel.vmcoreinfo.offset("page._refcount");
    const mapcount = kernel.vmcoreinfo.offset("page._mapcount");
    const buddy = kernel.vmcoreinfo.number("PAGE_BUDDY_MAPCOUNT_VALUE");
    if (struct === null || refcount === null || mapcount === null || buddy === null) return null;
    return {
      kind: "freed table, its page in the free lists",
      patches: [
        { at: struct + BigInt(refcount), bytes: new Uint8Array(4) },
        { at: struct + BigInt(mapcount), bytes: bytesOf(BigInt.asUintN(64, buddy)).subarray(0, 4) },
      ],
    };
  },
};

/** What a bit of an entry is: the row of its layout. */
function rowOf({ layout, present }: ArchBackend, kind: string, bit: number): string {
  const rows: readonly { high: number; low: number; kind: string; name?: string }[] =
    (kind === "present" ? present?.fields : layout.fields) ?? [];
  const row = rows.find(({ high, low }) => bit <= high && bit >= low);
  return row === undefined
    ? "no row"
    : kind === "present" && row.kind !== "pfn" && row.kind !== "free"
      ? (row.name ?? row.kind)
      : row.kind;
}

/** Where the struct page of a table is in memory, of a kernel whose struct pages lie in one piece. */
function structPageOf({ memory, vmcoreinfo, pageSize }: Kernel, table: bigint): bigint | null {
  const roots = vmcoreinfo.symbol("mem_section");
  const bytes = vmcoreinfo.size("page");
  for (let i = 0; roots !== null && bytes !== null && i < 4096; i++) {
    const root = memory.word(roots + BigInt(8 * i));
    if (root === null) return null;
    if (root === 0n) continue;
    for (let j = 0; j < 128; j++) {
      const word = memory.word(root + BigInt(32 * j));
      if (word === null || (word & 3n) !== 3n) continue;
      const address = (word & ~63n) + (table / BigInt(pageSize)) * BigInt(bytes);
      return memory.physical(BigInt.asUintN(64, address));
    }
  }
  return null;
}

const pick = (all: readonly Tables[], below: (limit: number) => number): Tables =>
  all[below(all.length)] as Tables;

function pickOf({ places }: Tables, kind: string, below: (limit: number) => number): Place | null {
  const fitting = places.filter((place) => place.kind === kind);
  return fitting[below(fitting.length || 1)] ?? null;
}

const one = (kind: string, { at }: { readonly at: bigint }, word: bigint): Fault => ({
  kind,
  patches: [{ at, bytes: bytesOf(BigInt.asUintN(64, word)) }],
});
