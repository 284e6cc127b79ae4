// How generated pages write numbers.

/** A size in whole binary units, rounded: 16 TiB less a page is 16 TiB to a reader. */
export function size(bytes: bigint): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const power = Math.min(units.length - 1, Math.floor((bytes.toString(2).length - 1) / 10));
  const whole = (bytes + (1n << BigInt(10 * power)) / 2n) >> BigInt(10 * power);
  return whole === 1024n && power < units.length - 1 ? `1 ${units[power + 1]}` : `${whole} ${units[power]}`;
}
