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
const lists = ["encode", "encodeOverflow", "markers", "special", "decode"];

/**
 * Every way in which two files that asked the same disagree, as sentences; none is the good answer.
 * What the older file does not say (a constant it left out) is no disagreement; what it says and the fresh one does not, is.
 */
export function differences(fresh, known) {
  return [
    ...symbols(fresh.config, known.config),
    ...heads.flatMap((key) => difference(key, fresh[key], known[key])),
    ...Object.entries(known.constants).flatMap(([name, value]) =>
      difference(name, fresh.constants[name], value),
    ),
    ...lists.flatMap((name) => listDifferences(name, fresh[name] ?? [], known[name] ?? [])),
  ];
}

/** How many answers of the known file were compared. */
export function comparedRows(known) {
  return lists.reduce((sum, name) => sum + (known[name]?.length ?? 0), 0);
}

function symbols(fresh, known) {
  const names = [...new Set([...Object.keys(known), ...Object.keys(fresh)])];
  return names.flatMap((name) => difference(name, fresh[name] ?? "n", known[name] ?? "n"));
}

function listDifferences(name, fresh, known) {
  if (fresh.length !== known.length) return [`${name}: ${fresh.length} rows here, ${known.length} there`];
  return known.flatMap((row, i) => {
    const keys = [...new Set([...Object.keys(row), ...Object.keys(fresh[i])])];
    return keys.flatMap((key) => difference(`${name}[${i}].${key}`, fresh[i][key], row[key]));
  });
}

function difference(what, fresh, known) {
  const [here, there] = [JSON.stringify(fresh), JSON.stringify(known)];
  return here === there ? [] : [`${what}: ${here ?? "absent"} here, ${there ?? "absent"} there`];
}
