import { requireWord } from "../util/require.ts";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"];

/** A number of bytes for a reader: `64 GiB`, `4 PiB`; exact where it is a whole number of units, two places where it is not. */
export function bytesText(bytes: bigint): string {
  requireWord(bytes);
  let unit = 0;
  let divisor = 1n;
  while (unit < UNITS.length - 1 && bytes >= divisor * 1024n) {
    divisor *= 1024n;
    unit++;
  }
  const whole = bytes / divisor;
  const rest = bytes % divisor;
  const text = rest === 0n ? String(whole) : (Number((bytes * 100n) / divisor) / 100).toFixed(2);
  return `${text} ${UNITS[unit]}`;
}

/** The same, `16 TiB less one page` where the last page of `page` bytes cannot be used. */
export function sizeText(bytes: bigint, page: bigint): string {
  requireWord(page);
  const exact = bytesText(bytes);
  const whole = bytesText(bytes + page);
  return !whole.includes(".") && exact.includes(".") ? `${whole} less one page` : exact;
}
