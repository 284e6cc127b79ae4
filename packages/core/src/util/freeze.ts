const whole = new WeakSet<object>();

/** The same plain data, frozen to the last row. */
export function deepFreeze<T>(value: T): T {
  // A frozen object may hold parts that are not: only what was frozen here is known to be frozen as a whole.
  if (typeof value === "object" && value !== null && !whole.has(value)) {
    whole.add(value);
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
