/** What a value is, for messages. */
export function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "bare object"}`;
  return value === undefined ? "undefined" : `${typeof value} ${String(value)}`;
}
