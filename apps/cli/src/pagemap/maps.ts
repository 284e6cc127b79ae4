import fs from "node:fs";

/** One mapping of a process. */
export interface Mapping {
  /** First address, and the first one behind it. */
  readonly start: bigint;
  readonly end: bigint;
  /** `rw-p` */
  readonly access: string;
  /** A path, `[heap]`, or nothing. */
  readonly name: string;
}

/** The mappings in the text of /proc/PID/maps. */
export function parseMaps(text: string): Mapping[] {
  return text.split("\n").flatMap((line) => {
    const found = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+\s*(.*)$/.exec(line);
    if (!found) return [];
    const [, first = "", behind = "", access = "", name = ""] = found;
    const [start, end] = [BigInt(`0x${first}`), BigInt(`0x${behind}`)];
    // No kernel prints a mapping that ends before it begins.
    return start < end ? [{ start, end, access, name }] : [];
  });
}

/** What smaps counts in one mapping, in bytes. */
export interface Counted {
  readonly resident: bigint;
  readonly swapped: bigint;
}

/** Per first address what /proc/PID/smaps counts; null where it cannot be read. */
export function readSmaps(path: string): ReadonlyMap<bigint, Counted> | null {
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const found = new Map<bigint, Counted>();
  for (const part of text.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const start = /^[0-9a-f]+/.exec(part)?.[0];
    const kB = (name: string): bigint =>
      BigInt(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(part)?.[1] ?? 0) * 1024n;
    if (start !== undefined) found.set(BigInt(`0x${start}`), { resident: kB("Rss"), swapped: kB("Swap") });
  }
  return found;
}
