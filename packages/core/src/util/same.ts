/** Whether two values of plain data hold the same; what they share is not looked into. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

/** Whether a value has properties of its own: an object or an array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Object(value) === value;
