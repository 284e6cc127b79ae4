import type { Compared, Lists, Row } from "./format.ts";

// A fresh vector file held against one that asked the same.
const heads = [
  "pteBits",
  "longBits",
  "maxType",
  "maxOffset",
  "masks",
  "presentMask",
  "noneIgnoredMask",
  "presentPte",
  "migrationAdSupported",
];
// MAX_SWAPFILES_SHIFT is 5 in every release: generic code has no type above, whatever an architecture's field holds.
const largestGenericType = 31;
const lists: readonly (keyof Lists)[] = ["encode", "encodeOverflow", "markers", "special", "decode"];

// Asked of later files alone: what a known file does not have is not compared.
const laterHeads = ["flags", "modify"];
const laterLists = ["presentPtes", "presentPmds", "pmdSpecial", "pmdDecode"];
const rowsIn = (file: Compared, name: string): readonly Row[] => (file[name] ?? []) as readonly Row[];

/**
 * Every way in which two files that asked the same disagree, as sentences; none is the good answer.
 * What the known file does not say is no disagreement: a constant it left out, or, in a file of the shorter form (without
 * `special`), a list, a head, a symbol, or a key of its rows. What it says and the fresh one does not, is.
 * The shorter form's `maxType` counts the types of generic code alone.
 */
export function differences(fresh: Compared, known: Compared): string[] {
  const whole = known.special !== undefined;
  const said = (key: string): boolean => whole || known[key] !== undefined;
  const head = whole ? fresh : { ...fresh, maxType: Math.min(fresh.maxType, largestGenericType) };
  return [
    ...symbols(fresh.config, known.config, whole),
    ...heads.filter(said).flatMap((key) => difference(key, head[key], known[key])),
    ...laterHeads
      .filter((key) => known[key] !== undefined)
      .flatMap((key) => difference(key, fresh[key], known[key])),
    ...laterLists
      .filter((name) => known[name] !== undefined)
      .flatMap((name) => listDifferences(name, rowsIn(fresh, name), rowsIn(known, name), true)),
    ...Object.entries(known.constants).flatMap(([name, value]) =>
      difference(name, fresh.constants[name], value),
    ),
    ...lists
      .filter(said)
      .flatMap((name) => listDifferences(name, fresh[name] ?? [], known[name] ?? [], whole)),
  ];
}

/** How many answers of the known file were compared. */
export function comparedRows(known: Compared): number {
  return [...lists, ...laterLists].reduce((sum, name) => sum + rowsIn(known, name).length, 0);
}

function symbols(fresh: Compared["config"], known: Compared["config"], whole: boolean): string[] {
  const names = [...new Set([...Object.keys(known), ...(whole ? Object.keys(fresh) : [])])];
  return names.flatMap((name) => difference(name, fresh[name] ?? "n", known[name] ?? "n"));
}

function listDifferences(
  name: string,
  fresh: readonly Row[],
  known: readonly Row[],
  whole: boolean,
): string[] {
  if (fresh.length !== known.length) return [`${name}: ${fresh.length} rows here, ${known.length} there`];
  return known.flatMap((row, i) => {
    const here = fresh[i] ?? {};
    const keys = [...new Set([...Object.keys(row), ...(whole ? Object.keys(here) : [])])];
    return keys.flatMap((key) => difference(`${name}[${i}].${key}`, here[key], row[key]));
  });
}

function difference(what: string, fresh: unknown, known: unknown): string[] {
  const [here, there] = [JSON.stringify(fresh), JSON.stringify(known)];
  return here === there ? [] : [`${what}: ${here ?? "absent"} here, ${there ?? "absent"} there`];
}
