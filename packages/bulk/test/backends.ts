import fs from "node:fs";
import type { ArchBackend, Architecture, ConfigObject, FileHead, Layout, SwapTypes } from "@ptekit/core";
import {
  createBackend,
  decodeOnly,
  differs,
  either,
  encodeOnly,
  equals,
  exclusive,
  inverted,
  ones,
  softDirty,
  spare,
  swpOffset,
  swpType,
  targetOfHead,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";

const packages = new URL("../../arch/", import.meta.url);

/** Every architecture package there is, found by its package.json. */
export async function architectures(): Promise<Architecture[]> {
  const names = fs.readdirSync(packages).filter((name) => {
    const manifest = new URL(`${name}/package.json`, packages);
    return fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, "utf8")).ptekit === "architecture";
  });
  const load = async (name: string): Promise<Architecture> =>
    (await import(new URL(`${name}/src/index.ts`, packages).href)).default;
  return Promise.all(names.map(load));
}

/** A backend of every layout that its own conditions can select, as of its first release and as of the newest. */
export function backendsOf(arch: Architecture): ArchBackend[] {
  const found = new Map<string, ArchBackend>();
  for (const layout of arch.layouts) {
    for (const release of [layout.since, "4.15", "4.19", "5.10", "6.1", "6.12", "7.2"]) {
      for (const order of ["y", "n"] as const) {
        const backend = attempt(arch, layout, release, order);
        if (backend && backend.layout.id === layout.id) found.set(keyOf(backend), plain(backend));
      }
    }
  }
  return [...found.values()];
}

function attempt(arch: Architecture, layout: Layout, release: string, big: "y" | "n"): ArchBackend | null {
  const config: ConfigObject = {
    ...(has(arch, "CONFIG_CPU_BIG_ENDIAN") ? { CONFIG_CPU_BIG_ENDIAN: big } : {}),
  };
  const cpu: string[] = [];
  for (const condition of layout.when ?? []) {
    const [, not, name = "", value] = /^(!?)([^=]+)(?:=(.+))?$/.exec(condition) ?? [];
    if (!name.startsWith("CONFIG_")) {
      if (!not) cpu.push(name);
    } else if (has(arch, name)) {
      Object.assign(config, { [name]: value === undefined ? (not ? "n" : "y") : Number(value) });
    }
  }
  try {
    return arch.for({ release, config, cpu });
  } catch {
    return null;
  }
}

const has = (arch: Architecture, name: string): boolean =>
  arch.symbols.some((symbol) => symbol.name === name);

const keyOf = ({ layout, kernel, types }: ArchBackend): string =>
  JSON.stringify([
    layout.id,
    kernel.swpTypeShift,
    kernel.byteOrder,
    types.maxSwapfiles,
    types.markers.length,
  ]);

/** The backend without its assumptions, which cost time and do not matter here. */
const plain = ({ arch, layout, present, types, kernel }: ArchBackend): ArchBackend =>
  createBackend({ arch, layout, present, types, kernel, assumptions: [] });

/** The words of an architecture's committed vector files, with the backend of each file. */
export function vectorWords(arch: Architecture): { file: string; backend: ArchBackend; words: bigint[] }[] {
  const folder = new URL(`${arch.name}/vectors/`, packages);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const vectors: FileHead & Record<string, { pte?: string }[]> = JSON.parse(
        fs.readFileSync(new URL(file, folder), "utf8"),
      );
      const rows = ["encode", "encodeOverflow", "decode", "markers", "special"].flatMap(
        (list) => vectors[list] ?? [],
      );
      return {
        file,
        backend: plain(arch.for(targetOfHead(arch, vectors))),
        words: rows.flatMap((row) => (row.pte === undefined ? [] : [BigInt(row.pte)])),
      };
    });
}

const citation = "See __swp_entry() in include/linux/swapops.h (as of Linux v6.12)";
const synthetic = (
  layout: Partial<Layout> & Pick<Layout, "id" | "pteBits" | "fields" | "present" | "none">,
): Layout => ({
  since: "6.12",
  citation,
  ...layout,
});

/** Layouts that together use everything a layout can say. */
const layouts: readonly Layout[] = [
  synthetic({
    id: "test split and inverted 64",
    pteBits: 64,
    fields: [
      inverted(swpType(63, 62, 3)),
      swpOffset(61, 40, 20),
      uffdWp(39),
      inverted(swpOffset(38, 19)),
      softDirty(18),
      ones(17, 16, "because"),
      swpType(15, 13),
      exclusive(12),
      spare(11, 4),
      swpOffset(3, 2, 42),
      zeros(1, 0, "because"),
    ],
    present: either(equals(0x3n, 0x3n), equals(0x8000_0000_0000_0001n, 0x8000_0000_0000_0001n)),
    none: equals(0xffff_ffff_ffff_ff0fn, 0x30000n),
    empty: 0x30000n,
    lowWordFirst: true,
  }),
  synthetic({
    id: "test straddling 64",
    pteBits: 64,
    fields: [
      swpOffset(63, 36),
      swpType(35, 30),
      exclusive(29),
      uffdWp(28),
      spare(27, 9),
      softDirty(8),
      zeros(7, 0, "x"),
    ],
    present: either(differs(0x3n, 0n), equals(0x4n, 0x4n)),
    none: either(equals(0xffff_ffff_ffff_ffffn, 0n), equals(0xf0n, 0xf0n)),
  }),
  synthetic({
    id: "test wide type 64",
    pteBits: 64,
    fields: [
      unmasked(swpOffset(63, 20)),
      unmasked(swpType(19, 12)),
      decodeOnly(exclusive(11), "x"),
      encodeOnly(uffdWp(10), "x"),
      spare(9, 1),
      zeros(0, 0, "x"),
    ],
    present: differs(0x1n, 0n),
    none: differs(0xff00_0000n, 0x1200_0000n),
    empty: 0n,
  }),
  synthetic({
    id: "test inverted 32",
    pteBits: 32,
    fields: [
      inverted(swpType(31, 27)),
      softDirty(26),
      inverted(swpOffset(25, 6)),
      exclusive(5),
      uffdWp(4),
      ones(3, 2, "x"),
      zeros(1, 0, "x"),
    ],
    present: differs(0x3n, 0n),
    none: either(equals(0xffff_ffffn, 0x1cn), equals(0xffff_ffffn, 0n)),
    empty: 0x1cn,
  }),
  synthetic({
    id: "test decode-only 64 on 32",
    pteBits: 64,
    longBits: 32,
    fields: [
      spare(63, 35),
      decodeOnly(swpOffset(34, 32, 24), "x"),
      swpOffset(31, 8),
      swpType(7, 3),
      exclusive(2),
      spare(1, 1),
      zeros(0, 0, "x"),
    ],
    present: equals(0x1n, 0x1n),
    none: equals(0xffff_fffdn, 0n),
  }),
  synthetic({
    id: "test no flags 32",
    pteBits: 32,
    fields: [swpType(31, 31, 2), swpOffset(30, 7), swpType(6, 5), spare(4, 2), zeros(1, 0, "x")],
    present: either(differs(0x3n, 0x2n), equals(0x8n, 0x8n)),
    none: equals(0xffff_fffen, 2n),
    empty: 2n,
  }),
];

const renumbered = (types: SwapTypes, maxSwapfiles: number): SwapTypes => ({
  ...types,
  maxSwapfiles,
  special: types.special.map((entry, i) => ({ ...entry, type: maxSwapfiles + i })),
});

/** Each synthetic layout with type tables and byte orders of several kinds. */
export function syntheticBackends(model: ArchBackend): ArchBackend[] {
  return layouts.flatMap((layout) =>
    (["little", "big"] as const).flatMap((byteOrder) =>
      [6, 7].map((typeBits) => {
        const swpTypeShift = (layout.longBits ?? layout.pteBits) - typeBits;
        // Few special types, so that many are unassigned.
        const types = typeBits === 7 ? renumbered(model.types, 9) : model.types;
        const kernel = { ...model.kernel, byteOrder, swpTypeShift };
        return createBackend({ arch: "test", layout, present: null, types, kernel, assumptions: [] });
      }),
    ),
  );
}
