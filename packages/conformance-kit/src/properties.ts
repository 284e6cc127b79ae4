import type { AnyDecoded, ArchBackend, FlagName } from "@ptekit/core";
import {
  checkLayout,
  deepFreeze,
  emptyPte,
  FLAG_NAMES,
  hex,
  isAboutCitation,
  PtekitError,
  rowsOf,
} from "@ptekit/core";
import { random } from "./random.ts";
import { readByLayout, writeByLayout } from "./reference.ts";

/**
 * One case of a property: the word it is about (null where there is none), whether the property holds there, and what
 * went wrong.
 */
export type See = (word: bigint | null, holds: boolean, sentence: () => string) => void;

/** A fact that every backend is held to, on the interface alone. */
export interface Property {
  /** The name that `exceptions` in a layout use. */
  readonly name: string;
  /** Set where it says that what encode writes comes back: it cannot hold of a kernel that reads from another place. */
  readonly readsBack?: boolean;
  run(backend: ArchBackend, see: See): void;
}

/** All the properties of a backend, in the order in which they build on each other. */
export const properties: readonly Property[] = deepFreeze([
  {
    name: "every bit is claimed once",
    run({ layout }, see) {
      const problems = checkLayout(layout).filter((problem) => !isAboutCitation(problem));
      see(null, problems.length === 0, () => problems.join("; "));
    },
  },
  {
    name: "every layout cites its source",
    run({ layout }, see) {
      const problems = checkLayout(layout).filter(isAboutCitation);
      see(null, problems.length === 0, () => problems.join("; "));
    },
  },
  {
    name: "all 32 types fit",
    run(backend, see) {
      const word = backend.encode({ type: 31, offset: 1n }, { overflow: "truncate" });
      see(word, backend.maxType >= 31, () => `the largest type is ${backend.maxType}`);
    },
  },
  {
    name: "every type survives",
    readsBack: true,
    run(backend, see) {
      for (const type of types(backend)) {
        for (const offset of [1n, backend.maxOffset >> 1n, backend.maxOffset])
          survives(backend, type, offset, see);
      }
    },
  },
  {
    name: "every offset bit survives",
    readsBack: true,
    run(backend, see) {
      for (const type of types(backend)) {
        for (const offset of offsetBits(backend)) survives(backend, type, offset, see);
      }
    },
  },
  {
    name: "flags leave type and offset alone",
    readsBack: true,
    run(backend, see) {
      for (const { type, offset } of samples(backend)) {
        for (const flags of flagSets(backend)) {
          const pte = backend.encode({ type, offset, ...flags });
          const read: AnyDecoded = backend.decode(pte);
          if (read.kind === "none") continue;
          const kept = read.type === type && read.offset === offset;
          const flagged = FLAG_NAMES.every((flag) => read[flag] === (flags[flag] ?? false));
          see(
            pte,
            kept && flagged,
            () =>
              `type ${type}, offset 0x${offset.toString(16)}, flags ${JSON.stringify(flags)} read as ${answer(read)}`,
          );
        }
      }
    },
  },
  {
    name: "what encode writes is neither none nor present",
    run(backend, see) {
      // Offset 0 of a swap file is its header page: (0, 0) is no entry, and most architectures store it as an empty PTE.
      for (const type of types(backend)) {
        for (const offset of [...offsetBits(backend), backend.maxOffset - 1n, backend.maxOffset]) {
          const pte = backend.encode({ type, offset });
          const { kind } = backend.decode(pte);
          see(
            pte,
            kind !== "none" && kind !== "present",
            () => `type ${type}, offset 0x${offset.toString(16)} is ${kind}`,
          );
        }
      }
    },
  },
  {
    name: "what encode writes encodes back",
    readsBack: true,
    run(backend, see) {
      for (const { type, offset } of samples(backend)) {
        const pte = backend.encode({ type, offset });
        const entry = backend.toSwpEntry(pte);
        const back = backend.fromSwpEntry(entry);
        see(pte, back === pte, () => `swp_entry_t 0x${entry.toString(16)} encodes as 0x${back.toString(16)}`);
      }
    },
  },
  {
    name: "special PTEs are neither none nor present and name no swap slot",
    run(backend, see) {
      for (const { name } of backend.types.markers) {
        const pte = backend.specialPte(name, { by: "swap-type" });
        const read: AnyDecoded = backend.decode(pte);
        see(
          pte,
          read.kind === "marker" && read.markers?.join() === name,
          () => `the ${name} marker reads as ${answer(read)}`,
        );
        see(pte, backend.isSpecialPte(pte, { by: "swap-type" }), () => `the ${name} marker is not special`);
      }
      for (const bit of specialBits(backend)) {
        const pte = backend.specialPte("uffd-wp", { by: "bit", bit });
        const { kind } = backend.decode(pte);
        see(pte, kind !== "none" && kind !== "present", () => `bit ${bit} makes a PTE that is ${kind}`);
        const cleared = backend.decode(pte & ~(1n << BigInt(bit))).kind;
        see(pte, cleared === "none", () => `without bit ${bit} it is ${cleared}, not none`);
        see(pte, backend.isSpecialPte(pte, { by: "bit", bit }), () => `bit ${bit} makes no special PTE`);
      }
    },
  },
  {
    name: "spare bits are spare",
    run(backend, see) {
      const free = backend.spareBits().free;
      for (const { type, offset } of samples(backend)) {
        for (const flags of [{}, flagSets(backend).at(-1) ?? {}]) {
          const pte = backend.encode({ type, offset, ...flags });
          const before = backend.decode(pte);
          if (before.kind === "none") continue;
          for (const bit of free) {
            const flipped = pte ^ (1n << BigInt(bit));
            const after = backend.decode(flipped);
            // Where the kernel takes an entry for present, by its own mistake, the bit is a page's.
            const same =
              before.kind === "present" ? after.kind === "present" : answer(before) === answer(after);
            see(flipped, same, () => `bit ${bit} changes ${answer(before)} to ${answer(after)}`);
          }
        }
      }
    },
  },
  {
    name: "out-of-range values are refused",
    run(backend, see) {
      const pteEnd = 1n << BigInt(backend.layout.pteBits);
      const offset = backend.maxOffset + 1n;
      refuses(see, "TYPE_TOO_WIDE", () => backend.encode({ type: backend.maxType + 1, offset: 1n }));
      refuses(see, "OFFSET_TOO_WIDE", () => backend.encode({ type: 0, offset }));
      refuses(see, "BAD_ARGUMENT", () => backend.encode({ type: -1, offset: 1n }));
      refuses(see, "BAD_ARGUMENT", () => backend.encode({ type: 0.5, offset: 1n }));
      refuses(see, "BAD_ARGUMENT", () => backend.encode({ type: Number.NaN, offset: 1n }));
      refuses(see, "BAD_ARGUMENT", () => backend.encode({ type: 0, offset: -1n }));
      refuses(see, "WORD_TOO_WIDE", () => backend.decode(pteEnd));
      refuses(see, "BAD_WORD", () => backend.decode(-1n));
      for (const flag of FLAG_NAMES) {
        if (writes(backend, flag)) continue;
        refuses(see, "NO_SUCH_FLAG", () => backend.encode({ type: 0, offset: 1n, [flag]: true }));
      }
    },
  },
  {
    name: "the verbs agree with the layout",
    run(backend, see) {
      const next = random(0x9e3779b97f4a7c15n);
      const mask = (1n << BigInt(backend.layout.pteBits)) - 1n;
      for (let i = 0; i < 1000; i++) {
        const pte = next() & mask;
        const wanted = readByLayout(backend, pte);
        const got = backend.decode(pte);
        see(
          pte,
          agrees(wanted, got),
          () => `reads as ${answer(got)}, by its rows as ${JSON.stringify(plain(wanted))}`,
        );
        const entry = backend.toSwpEntry(pte);
        see(
          pte,
          entry === wanted.swpEntry,
          () => `toSwpEntry gives 0x${entry.toString(16)}, the rows 0x${wanted.swpEntry.toString(16)}`,
        );
        const type = next() & 63n;
        const offset = next() >> (next() & 63n);
        const written = backend.encode({ type: Number(type), offset }, { overflow: "truncate" });
        const rows = writeByLayout(backend, type, offset);
        see(
          rows,
          written === rows,
          () => `type ${type}, offset 0x${offset.toString(16)} is written as 0x${written.toString(16)}`,
        );
      }
    },
  },
  {
    name: "bytes in memory come back",
    run(backend, see) {
      const next = random(0xbf58476d1ce4e5b9n);
      const mask = (1n << BigInt(backend.layout.pteBits)) - 1n;
      for (let i = 0; i < 100; i++) {
        const pte = next() & mask;
        const bytes = backend.toBytes(pte);
        see(
          pte,
          backend.fromBytes(bytes) === pte,
          () => `${hex(pte, backend.layout.pteBits)} does not come back from ${bytes}`,
        );
      }
    },
  },
]);

function survives(backend: ArchBackend, type: number, offset: bigint, see: See): void {
  const pte = backend.encode({ type, offset });
  const read: AnyDecoded = backend.decode(pte);
  // That an entry reads as none or present is another property's business.
  if (read.kind === "none" || read.kind === "present") return;
  const holds = read.type === type && read.offset === offset;
  see(pte, holds, () => `type ${type}, offset 0x${offset.toString(16)} reads as ${answer(read)}`);
}

/** All 32 types, as far as the layout holds them. */
const types = (backend: ArchBackend): number[] =>
  Array.from({ length: Math.min(backend.maxType, 31) + 1 }, (_, type) => type);

const offsetBits = (backend: ArchBackend): bigint[] =>
  Array.from({ length: backend.maxOffset.toString(2).length }, (_, bit) => 1n << BigInt(bit));

/** Some types with every offset bit. */
function samples(backend: ArchBackend): { type: number; offset: bigint }[] {
  const some = types(backend).filter((type) => [0, 1, 2, 4, 8, 16, 21, 31].includes(type));
  return some.flatMap((type) =>
    [...offsetBits(backend), backend.maxOffset].map((offset) => ({ type, offset })),
  );
}

const writes = (backend: ArchBackend, flag: FlagName): boolean =>
  rowsOf(backend.layout, flag).some((row) => row.access !== "decode");

/** No flag, each flag by itself, and all of them. */
function flagSets(backend: ArchBackend): Partial<Record<FlagName, boolean>>[] {
  const names = FLAG_NAMES.filter((flag) => writes(backend, flag));
  return [
    {},
    ...names.map((name) => ({ [name]: true })),
    Object.fromEntries(names.map((name) => [name, true])),
  ];
}

/** The uffd-wp bit, and the spare bits that pte_none() does not ignore. */
function specialBits(backend: ArchBackend): number[] {
  const spare = backend.spareBits().bits.filter((claim) => claim.free && !claim.ignoredByNone);
  const uffd = rowsOf(backend.layout, "uffdWp").map((row) => row.low);
  const empty = emptyPte(backend.layout);
  return [...spare.map((claim) => claim.bit), ...uffd].filter((bit) => ((empty >> BigInt(bit)) & 1n) === 0n);
}

function refuses(see: See, code: string, act: () => unknown): void {
  try {
    const value = act();
    see(null, false, () => `${code} is not thrown; the answer is ${String(value)}`);
  } catch (error) {
    const thrown = error instanceof PtekitError ? error.code : String(error);
    see(null, thrown === code, () => `${code} is not thrown, but ${thrown}`);
  }
}

function agrees(wanted: ReturnType<typeof readByLayout>, got: AnyDecoded): boolean {
  if (wanted.none) return got.kind === "none";
  if (wanted.present) return got.kind === "present";
  return got.swpEntry === wanted.swpEntry && FLAG_NAMES.every((flag) => got[flag] === wanted.flags[flag]);
}

/** What a word says, as one comparable line. */
function answer(read: AnyDecoded): string {
  const { pte: _pte, arch: _arch, layout: _layout, assumed: _assumed, ...rest } = read;
  return JSON.stringify(plain(rest));
}

function plain(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      typeof part === "bigint" ? `0x${part.toString(16)}` : part,
    ]),
  );
}
