// Tables written by a geometry, for any architecture: what the walk takes apart, put together.
import type {
  AddressField,
  ArchBackend,
  Architecture,
  ConfigValue,
  Geometry,
  Level,
  Predicate,
  Target,
} from "@ptekit/core";
import { addressBitsOf, emptyPte, longBitsOf, NEWEST_RELEASE, PtekitError, pteBytesOf } from "@ptekit/core";

/** A backend that has this row of its architecture's geometry, or null where no target selects it. */
export function backendWith(arch: Architecture, row: Geometry): ArchBackend | null {
  for (const release of [NEWEST_RELEASE, "6.12", "6.1", "5.10", "4.19", "4.4", row.since]) {
    for (const layout of arch.layouts) {
      const conditions = [...(layout.when ?? []), ...(row.when ?? [])];
      if (contradicts(arch, conditions)) continue;
      const backend = backendOf(arch, targetOf(release, conditions));
      if (backend !== null && JSON.stringify(plain(backend.geometry)) === JSON.stringify(plain(row)))
        return backend;
    }
  }
  return null;
}

/** Two symbols of one choice, or a symbol with and without. */
function contradicts(arch: Architecture, conditions: readonly string[]): boolean {
  const chosen = arch.symbols.filter(({ name, choice }) => choice !== undefined && conditions.includes(name));
  return (
    conditions.some((condition) => conditions.includes(`!${condition}`)) ||
    chosen.some((symbol) => chosen.some((other) => other !== symbol && other.choice === symbol.choice))
  );
}

const plain = (row: Geometry | null): unknown =>
  row &&
  JSON.parse(
    JSON.stringify({ ...row, assumed: 0 }, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
  );

function targetOf(release: string, conditions: readonly string[]): Target {
  const config: Record<string, ConfigValue> = {};
  for (const condition of conditions) {
    const [, not, name, value] = /^(!?)(CONFIG_\w+)(?:=(\d+))?$/.exec(condition) ?? [];
    if (name === undefined) continue;
    if (value !== undefined) config[name] = not === "!" ? 0 : Number(value);
    else config[name] = not === "!" ? "n" : "y";
  }
  const cpu = conditions.filter((condition) => !/^!|^CONFIG_/.test(condition));
  return { release, config, cpu };
}

function backendOf(arch: Architecture, target: Target): ArchBackend | null {
  try {
    return arch.for(target);
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}

/** Physical memory that grows as tables are made. */
export interface Trees {
  readonly root: bigint;
  /** Virtual address → the PTE written for it. */
  readonly written: ReadonlyMap<bigint, bigint>;
  /** Tables in use, the root among them. */
  readonly tables: number;
  read(address: bigint, into: Uint8Array): boolean | string;
}

/** Tables that lead to a swap PTE for each address. */
export function treesFor(backend: ArchBackend, addresses: readonly bigint[]): Trees {
  const geometry = backend.geometry as Geometry;
  const chunks = new Map<bigint, Uint8Array>();
  const tables = new Map<string, bigint>();
  let next = 0x10_0000n;
  /** A new table of a level, filled with what is empty there. */
  const make = (level: Level, align: number): bigint => {
    const bytes = tableBytes(backend, level);
    const step = BigInt(Math.max(align, 2 ** Math.ceil(Math.log2(bytes)), 4096));
    next = ((next + step - 1n) / step) * step;
    const at = next;
    next += step;
    // arm's hardware has a table of its own behind Linux's: leave room.
    next += 4096n;
    chunks.set(at, new Uint8Array(bytes));
    const count = emptyOf(backend, level) === 0n ? 0 : bytes / entryBytes(backend, level);
    for (let i = 0; i < count; i++) put(at, level, i, emptyOf(backend, level));
    return at;
  };
  const put = (table: bigint, level: Level, index: number, word: bigint): void => {
    const chunk = chunks.get(table) as Uint8Array;
    const size = entryBytes(backend, level);
    chunk.set(
      level.entry === undefined ? backend.toBytes(word) : bytesOf(word, size, backend.kernel.byteOrder),
      index * size,
    );
  };
  const [top] = geometry.levels as [Level];
  const root = make(top, geometry.root.align);
  const written = new Map<bigint, bigint>();
  addresses.forEach((address, n) => {
    let table = root;
    geometry.levels.forEach((level, at) => {
      const index = indexOf(level, address);
      if (level.entry === undefined) {
        const pte = backend.encode({ type: 1 + (n % 3), offset: BigInt(n + 1) });
        put(table, level, index, backend.stored(pte));
        written.set(address, backend.stored(pte));
        return;
      }
      const key = `${at} ${address >> BigInt(level.shift)}`;
      let below = tables.get(key);
      if (below === undefined) {
        const nextLevel = geometry.levels[at + 1] as Level;
        below = make(nextLevel, 2 ** Math.min(...level.entry.address.map(({ to }) => to)));
        tables.set(key, below);
        const named = below - (level.entry.plus ?? 0n) + (level.entry.linear ?? 0n);
        put(
          table,
          level,
          index,
          (level.tag?.value ?? 0n) | wordFor(level.entry.table) | scatter(level.entry.address, named),
        );
      }
      table = below;
    });
  });
  return {
    root,
    written,
    tables: chunks.size,
    read(address, into) {
      for (const [at, chunk] of chunks) {
        const offset = Number(address - at);
        if (offset >= 0 && offset + into.length <= chunk.length) {
          into.set(chunk.subarray(offset, offset + into.length));
          return "read";
        }
      }
      return "outside";
    },
  };
}

/** Addresses of pages all over the user's part, lowest first, a few of them neighbours. */
export function someAddresses(backend: ArchBackend, count: number, random: () => number): bigint[] {
  const { levels, root } = backend.geometry as Geometry;
  const [top] = levels as [Level];
  const regions = top.region?.bits ?? 0;
  const entries = root.userEntries ?? 2 ** (top.indexBits + regions);
  const found = new Set<bigint>();
  while (found.size < count) {
    const index = Math.floor(random() * entries);
    const region = BigInt(index >> top.indexBits) << BigInt(top.region?.shift ?? 0);
    const first = region | (BigInt(index % 2 ** top.indexBits) << BigInt(top.shift));
    const page = BigInt(Math.floor(random() * 2 ** (top.shift - backend.kernel.pageShift)));
    const address = first | (page << BigInt(backend.kernel.pageShift));
    found.add(address);
    found.add(address ^ (1n << BigInt(backend.kernel.pageShift)));
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** An address just beyond what the tables translate, or null where they translate all. */
export function beyond(backend: ArchBackend): bigint | null {
  const { levels, tagBits = 0 } = backend.geometry as Geometry;
  const bits = addressBitsOf(levels);
  return bits >= longBitsOf(backend.layout) - tagBits ? null : 1n << BigInt(bits);
}

const entryBytes = (backend: ArchBackend, level: Level): number =>
  level.entry?.bytes ?? pteBytesOf(backend.layout);

const tableBytes = (backend: ArchBackend, level: Level): number =>
  entryBytes(backend, level) * 2 ** (level.indexBits + (level.region?.bits ?? 0));

const emptyOf = (backend: ArchBackend, level: Level): bigint =>
  level.entry === undefined ? emptyPte(backend.layout) : wordFor(level.entry.none) | (level.tag?.value ?? 0n);

/** A word for which the first term of a predicate holds. */
const wordFor = ([{ mask, op, value }]: Predicate): bigint =>
  op === "==" ? value : value === 0n ? mask : 0n;

const scatter = (fields: readonly AddressField[], address: bigint): bigint =>
  fields.reduce(
    (word, { high, low, to }) =>
      word | (((address >> BigInt(to)) & ((1n << BigInt(high - low + 1)) - 1n)) << BigInt(low)),
    0n,
  );

function indexOf({ shift, indexBits, region }: Level, address: bigint): number {
  const low = Number((address >> BigInt(shift)) & ((1n << BigInt(indexBits)) - 1n));
  return region === undefined ? low : Number(address >> BigInt(region.shift)) * 2 ** indexBits + low;
}

const bytesOf = (word: bigint, size: number, order: "little" | "big"): Uint8Array => {
  const bytes = Uint8Array.from({ length: size }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn));
  return order === "little" ? bytes : bytes.reverse();
};
