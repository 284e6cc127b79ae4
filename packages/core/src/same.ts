/** Whether two values of plain data hold the same. */
export const same = (a: unknown, b: unknown): boolean => a === b || textOf(a) === textOf(b);

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
