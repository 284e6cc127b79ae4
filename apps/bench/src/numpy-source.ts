import type { ArchBackend, Predicate, Term } from "@ptekit/core";
import { FLAG_NAMES, KINDS, longBitsOf, rowsOf, typeMeaning, widthOf } from "@ptekit/core";

/** A Python program with numpy that obeys the same lines as the C one, for columns only; it works in blocks of 32K. */
export function numpySource(backend: ArchBackend): string {
  const { layout, kernel, types } = backend;
  const typeBits = longBitsOf(layout) - kernel.swpTypeShift;
  const kinds = Array.from({ length: 2 ** typeBits }, (_, type) => {
    const meaning = typeMeaning(types, type);
    return KINDS.findIndex((kind) => meaning === kind || meaning.startsWith(`${kind}-`));
  });
  const number = (value: bigint): string => `W(0x${value.toString(16)})`;
  const predicate = (terms: Predicate): string =>
    (terms as readonly Term[])
      .map(({ mask, op, value }) => `((w & ${number(mask)}) ${op} ${number(value)})`)
      .join(" | ");
  const read = (kind: "swpType" | "swpOffset", bits: number): string =>
    rowsOf(layout, kind)
      .filter((row) => row.access !== "encode" && row.from < bits)
      .map((row) => {
        const mask = (1n << BigInt(Math.min(widthOf(row), bits - row.from))) - 1n;
        return `(((${row.inverted ? "~w" : "w"} >> W(${row.low})) & ${number(mask)}) << W(${row.from}))`;
      })
      .join(" | ");
  const flags = FLAG_NAMES.flatMap((flag, bit) =>
    rowsOf(layout, flag)
      .filter((row) => row.access !== "encode")
      .map((row) => `(((w >> W(${row.low})) & W(1)) << W(${bit}))`),
  );
  return `
import sys, time
import numpy as np
W = np.uint${layout.pteBits}
KINDS = np.array([${kinds.join(",")}], dtype=np.uint8)
def columns(n):
    for i in range(0, n, 32768):
        j = min(i + 32768, n)
        w = ptes[i:j]
        none = ${predicate(layout.none)}
        present = ${predicate(layout.present)}
        entry = ~(none | present)
        t = (${read("swpType", typeBits)}).astype(np.uint8) * entry
        kind[i:j] = np.where(entry, KINDS[t], (present & ~none).astype(np.uint8))
        type_[i:j] = t
        offset[i:j] = (${read("swpOffset", kernel.swpTypeShift)}) * entry
        flags[i:j] = (${flags.join(" | ") || "W(0) * w"}).astype(np.uint8) * entry
for line in sys.stdin:
    what, *rest = line.split()
    if what == "load":
        n = int(rest[1])
        ptes = np.fromfile(rest[0], dtype="<u${layout.pteBits / 8}", count=n).astype(W)
        kind, type_, flags = (np.ones(n, np.uint8) for _ in range(3))
        offset = np.ones(n, np.uint64)
        print("0 0", flush=True)
    elif what == "check":
        n = int(rest[0])
        h = 0
        for row in zip(kind[:n].tolist(), type_[:n].tolist(), flags[:n].tolist(), (offset[:n] & 0xffffffff).tolist(), (offset[:n] >> np.uint64(32)).tolist()):
            for value in row:
                h = (h * 31 + value) & 0xffffffff
        print(0, h, flush=True)
    else:
        start = time.process_time_ns()
        for _ in range(int(rest[1])):
            columns(int(rest[0]))
        print(time.process_time_ns() - start, 0, flush=True)
`;
}
