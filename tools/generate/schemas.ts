import type { Format, Holds, RowForm } from "../../packages/conformance-kit/src/format.ts";
import { LEVELS, LIFE, LIVE, TEXTS, VECTORS } from "../../packages/conformance-kit/src/format.ts";
import type { Output } from "./outputs.ts";

type Schema = Readonly<Record<string, unknown>>;

/** packages/conformance-kit/schemas: the file formats as JSON Schemas, for editors and for programs in other languages. */
export function schemas(): Output[] {
  return [
    ["packages/conformance-kit/schemas/vectors.schema.json", text(schemaOf(VECTORS, decodeRows))],
    ["packages/conformance-kit/schemas/live.schema.json", text(schemaOf(LIVE, (_, row) => row))],
    ["packages/conformance-kit/schemas/life.schema.json", text(schemaOf(LIFE, (_, row) => row))],
  ];
}

const text = (schema: Schema): string => `${JSON.stringify(schema, null, 2)}\n`;

const SCALAR: Schema = { type: ["string", "number", "boolean", "null"] };
const TEXT_OR_TEXTS: Schema = { type: ["string", "array"], items: { type: "string" } };

const VALUES: Readonly<Record<string, Schema>> = {
  text: { type: "string" },
  hex: { type: "string", pattern: "^0[xX][0-9a-fA-F]+$" },
  whole: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  flag: { type: "boolean" },
  level: { enum: LEVELS },
};

function schemaOf(
  { name, unnamed, title, head, parts, tables, lists }: Format,
  rows: (list: string, row: Schema) => Schema,
): Schema {
  const needed = [...Object.entries(tables), ...Object.entries(lists)].filter(([, part]) => part.needed);
  const own = object(head);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    type: "object",
    required: [
      ...(unnamed === null ? ["format"] : []),
      ...(own.required as string[]),
      ...needed.map(([key]) => key),
    ],
    properties: {
      format: { const: name },
      ...(own.properties as Schema),
      ...Object.fromEntries(TEXTS.map((key) => [key, TEXT_OR_TEXTS])),
      ...mapped(parts, (_, { keys }) => object(keys)),
      ...mapped(tables, (_, { holds }) => ({
        type: "object",
        ...(holds === "text" ? { additionalProperties: { type: "string" } } : {}),
      })),
      ...mapped(lists, (key, list) => ({
        type: "array",
        ...(list.needed ? { minItems: 1 } : {}),
        items: rows(key, object(list.row)),
      })),
    },
    additionalProperties: SCALAR,
    ...(unnamed === null ? {} : where({ required: ["format"] }, { required: unnamed })),
  };
}

/** An entry that is neither none nor present has a type and an offset. */
function decodeRows(list: string, row: Schema): Schema {
  if (list !== "decode") return row;
  const entry = { properties: { none: { const: false }, present: { const: false } } };
  return { ...row, ...where(entry, { required: ["type", "offset"] }) };
}

function object(form: RowForm): Schema {
  const keys = Object.entries<Holds>(form);
  return {
    type: "object",
    required: keys.filter(([, holds]) => !holds.endsWith("?")).map(([key]) => key),
    properties: Object.fromEntries(keys.map(([key, holds]) => [key, VALUES[holds.replace("?", "")]])),
  };
}

function mapped<T>(
  values: Readonly<Record<string, T>>,
  schema: (key: string, value: T) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, schema(key, value)]));
}

/** What holds where a test does. */
function where(test: Schema, holds: Schema): Schema {
  // An object that has a `then` of its own could pass for a promise: none is written out.
  return Object.fromEntries(["if", "then"].map((key, index) => [key, [test, holds][index]]));
}
