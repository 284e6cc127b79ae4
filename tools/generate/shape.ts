// The JSON Schema of values that are there: which keys they have, and of which kind what stands under each is.

type Schema = Readonly<Record<string, unknown>>;

/** A text that is one of a few names, not a sentence. */
const NAME = /^[a-zA-Z!=&][\w !=&-]{0,30}$/;
const HEX = /^-?0x[0-9a-f]+$/;
const MOST_NAMES = 24;

/** What all of these values are: an object's keys that none lacks are required, no other is allowed. */
export function schemaOfValues(values: readonly unknown[]): Schema {
  const kinds = groups(values);
  const schemas = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, some]) => schemaOf(kind, some));
  return schemas.length === 1 ? (schemas[0] as Schema) : { anyOf: schemas };
}

function groups(values: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const value of values) {
    const some = found.get(kindOf(value));
    if (some) some.push(value);
    else found.set(kindOf(value), [value]);
  }
  return found;
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

function schemaOf(kind: string, values: readonly unknown[]): Schema {
  if (kind === "string") return textSchema(values as readonly string[]);
  if (kind === "number") return { type: "integer" };
  if (kind === "array") {
    const items = (values as readonly (readonly unknown[])[]).flat();
    return { type: "array", ...(items.length > 0 ? { items: schemaOfValues(items) } : {}) };
  }
  return kind === "object" ? objectSchema(values as readonly object[]) : { type: kind };
}

function textSchema(texts: readonly string[]): Schema {
  if (texts.every((text) => HEX.test(text))) return { type: "string", pattern: HEX.source };
  const names = [...new Set(texts)].sort();
  const isEnum =
    names.length <= MOST_NAMES && names.length * 4 <= texts.length && names.every((name) => NAME.test(name));
  return isEnum ? { enum: names } : { type: "string" };
}

function objectSchema(values: readonly object[]): Schema {
  const keys = [...new Set(values.flatMap((value) => Object.keys(value)))];
  // A table by names, such as symbols and their values, has whatever names there are.
  if (keys.length > 0 && keys.every((key) => key.startsWith("CONFIG_"))) {
    return {
      type: "object",
      additionalProperties: schemaOfValues(values.flatMap((value) => Object.values(value))),
    };
  }
  const under = (key: string): unknown[] =>
    values.flatMap((value) => (Object.hasOwn(value, key) ? [value[key as keyof typeof value]] : []));
  const required = keys.filter((key) => under(key).length === values.length);
  return {
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(keys.map((key) => [key, schemaOfValues(under(key))])),
    additionalProperties: false,
  };
}
