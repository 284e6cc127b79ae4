// How generated pages write numbers.

/** A size in whole binary units, rounded: 16 TiB less a page is 16 TiB to a reader. */
export function size(bytes: bigint): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const power = Math.min(units.length - 1, Math.floor((bytes.toString(2).length - 1) / 10));
  const whole = (bytes + (1n << BigInt(10 * power)) / 2n) >> BigInt(10 * power);
  return whole === 1024n && power < units.length - 1 ? `1 ${units[power + 1]}` : `${whole} ${units[power]}`;
}

/** Bits, lowest first, as runs: `5:4, 63:62`. */
export function runs(bits: Iterable<number>): string {
  const found: [high: number, low: number][] = [];
  for (const bit of bits) {
    const last = found.at(-1);
    if (last && last[0] === bit - 1) last[0] = bit;
    else found.push([bit, bit]);
  }
  return found.length === 0
    ? "none"
    : found.map(([high, low]) => (high === low ? `${high}` : `${high}:${low}`)).join(", ");
}
