import { PtekitError } from "@ptekit/core";

// Reading untrusted JSON: each helper names the file and the place that is wrong.

export type Row = Readonly<Record<string, unknown>>;

/** A `PtekitError` `BAD_FILE`. */
export const badFile = (file: string, what: string): PtekitError =>
  new PtekitError("BAD_FILE", `${file}: ${what}`);

/** The JSON object in a text. */
export function parseObject(file: string, text: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badFile(file, `not JSON, or cut off (${error instanceof Error ? error.message : String(error)})`);
  }
  return asRow(file, value, "the file");
}

function asRow(file: string, value: unknown, where: string): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badFile(file, `${where} is not an object`);
  return value as Row;
}

export function textAt(file: string, row: Row, key: string, where = "the head"): string {
  const value = row[key];
  if (typeof value !== "string") throw badFile(file, `${where}: ${key} is not a text`);
  return value;
}

export function numberAt(file: string, row: Row, key: string, where: string): number {
  const value = row[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw badFile(file, `${where}: ${key} is not a whole number`);
  return value;
}

/** A hex number: `"0x1084"`. */
export function wordAt(file: string, row: Row, key: string, where: string): bigint {
  const value = row[key];
  if (typeof value !== "string" || !/^0x[0-9a-f]+$/i.test(value))
    throw badFile(file, `${where}: ${key} is not a hex number`);
  return BigInt(value);
}

export function flagAt(file: string, row: Row, key: string, where: string): boolean {
  const value = row[key];
  if (typeof value !== "boolean") throw badFile(file, `${where}: ${key} is not true or false`);
  return value;
}

/** A list of rows; empty where the file has none. */
export function rowsAt(file: string, head: Row, key: string): Row[] {
  const value = head[key];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badFile(file, `${key} is not a list`);
  return value.map((entry, index) => asRow(file, entry, `${key} row ${index}`));
}

/** An object in the head, or undefined where the file has none. */
export function partAt(file: string, head: Row, key: string): Row | undefined {
  return head[key] === undefined ? undefined : asRow(file, head[key], key);
}

/** `config` of a head: Kconfig symbols and their values, as text. */
export function configAt(file: string, head: Row): Record<string, string> {
  const config = asRow(file, head.config, "config");
  for (const [name, value] of Object.entries(config)) {
    if (typeof value !== "string") throw badFile(file, `config: ${name} is not a text`);
  }
  return config as Record<string, string>;
}

/** `cpu` of a head: a text, a list of them, or nothing. */
export function cpuAt(file: string, head: Row): string[] {
  const value = head.cpu === undefined ? [] : head.cpu;
  const names = Array.isArray(value) ? value : [value];
  if (!names.every((name): name is string => typeof name === "string"))
    throw badFile(file, "cpu is not a text");
  return names;
}
