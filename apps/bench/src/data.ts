import type { ArchBackend } from "@ptekit/core";
import { emptyPte } from "@ptekit/core";

/** Kinds of input. */
export type DataKind = "pages" | "random" | "swap";

export const DATA: Readonly<Record<DataKind, string>> = {
  pages: "page-table pages, 5 to 30 % swap",
  random: "random words",
  swap: "all swap",
};

/** 32 random bits at a time; the same for the same seed. */
export function random32(seed: number): () => number {
  let [x, y, z, w] = [seed | 1, 362436069, 521288629, 88675123];
  return () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}

/** PTEs as little-endian bytes; each kind of input is made for the layout. */
export function makeData(backend: ArchBackend, kind: DataKind, count: number): Uint8Array {
  const words = backend.layout.pteBits === 32 ? new Uint32Array(count) : new BigUint64Array(count);
  const next = random32(1 + count);
  const put = (i: number, word: bigint): void => {
    if (words instanceof Uint32Array) words[i] = Number(word);
    else words[i] = word;
  };
  if (kind === "random") {
    const halves = new Uint32Array(words.buffer);
    for (let i = 0; i < halves.length; i++) halves[i] = next();
  } else if (kind === "swap") {
    const pool = entries(backend, next, 4096);
    for (let i = 0; i < count; i++) put(i, pool[next() % pool.length] as bigint);
  } else {
    pages(backend, next, count, put);
  }
  return new Uint8Array(words.buffer);
}

/** Pages of 512 PTEs, in runs as mappings make them: of each page 5 to 30 % are swap, the rest present or none. */
function pages(
  backend: ArchBackend,
  next: () => number,
  count: number,
  put: (i: number, word: bigint) => void,
): void {
  const swap = entries(backend, next, 4096);
  const present = presentWords(backend, next, 4096);
  for (let page = 0; page < count; page += 512) {
    const share = 5 + (next() % 26);
    for (let i = 0; i < 512; ) {
      const run = 1 + (next() % 48);
      const pick = next() % 100;
      const pool = pick < share ? swap : pick < share + 45 ? present : [emptyPte(backend.layout)];
      for (const end = Math.min(512, i + run); i < end; i++) {
        if (page + i < count) put(page + i, pool[next() % pool.length] as bigint);
      }
    }
  }
}

/** Swap entries of two devices, with flags, and now and then a special type. */
function entries(backend: ArchBackend, next: () => number, count: number): bigint[] {
  const special = backend.types.special.map(({ type }) => type);
  const flags = backend.layout.fields.flatMap(({ kind }) =>
    kind === "exclusive" || kind === "softDirty" || kind === "uffdWp" ? [kind] : [],
  );
  return Array.from({ length: count }, () => {
    const type = next() % 16 === 0 ? (special[next() % special.length] ?? 0) : next() % 2;
    const set = Object.fromEntries(flags.map((flag) => [flag, next() % 3 === 0]));
    const offset = (1n + BigInt(next() % 0x100000)) & backend.maxOffset;
    return backend.encode({ type, offset: offset === 0n ? 1n : offset, ...set });
  });
}

function presentWords(backend: ArchBackend, next: () => number, count: number): bigint[] {
  const all = (1n << BigInt(backend.layout.pteBits)) - 1n;
  const [term] = backend.layout.present;
  const set = term.op === "==" ? term.value : term.mask & -term.mask;
  const clear = term.op === "==" ? term.mask & ~term.value : 0n;
  return Array.from({ length: count }, () => {
    const word = (BigInt(next() % 0x400000) << 12n) | BigInt(next() & 0xffe);
    return ((word & ~clear) | set) & all;
  });
}
