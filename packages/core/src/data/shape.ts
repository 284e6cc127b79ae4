import { given } from "../util/given.ts";
import { didYouMean } from "../util/nearest.ts";

// What author's data must look like before anything can be asked of it: which keys there are, and what each holds.

/** What is wrong with a value, in sentences. `at` is where it stands, `name` what it is called there. */
export interface Check {
  (value: unknown, at: string, name: string): string[];
  /** Nothing is wrong where the key is absent. */
  readonly optional?: true;
}

/** Every key of an object: a key of the type without a check, or a check without a key, does not compile. */
export type Keys<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Check & { optional: true } : Check;
};

const is =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value, at, name) => {
    if (holds(value)) return [];
    // What stands alone is not missing: it is what was given.
    const missing = value === undefined && at !== "";
    return [`${under(at, name)} is ${missing ? "missing" : `${what}, not ${given(value)}`}`];
  };

const under = (at: string, name: string): string => (at === "" ? name : `${at}: ${name}`);

/** The same check, of a key that may be absent. */
export const optional = (check: Check): Check & { optional: true } =>
  Object.assign((value: unknown, at: string, name: string) => check(value, at, name), {
    optional: true as const,
  });

/** Any text but an empty one. */
export const text: Check = is("a text", (value) => typeof value === "string" && value !== "");

/** Any text. */
export const remark: Check = is("a text", (value) => typeof value === "string");

/** `true` or `false`. */
export const flag: Check = is("true or false", (value) => typeof value === "boolean");

/** A whole number from 0 on. */
export const whole: Check = is(
  "a whole number",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

/** A whole number within limits, both included; `what` is the kernel's name of it. */
export const wholeFrom = (least: number, most: number, what: string): Check =>
  is(
    `a whole number from ${least} to ${most} (${what})`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );

/** A bigint from 0 on. */
export const word: Check = is("a bigint (0x7fn)", (value) => typeof value === "bigint" && value >= 0n);

/** A bigint, also below 0. */
export const difference: Check = is("a bigint (-0x800n)", (value) => typeof value === "bigint");

/** A function. */
export const verb: Check = is("a function", (value) => typeof value === "function");

/** One of several values. */
export const oneOf = (...values: readonly (string | number)[]): Check =>
  is(listed(values), (value) => values.includes(value as string));

/** `little or big`, `2, 3 or 4` */
function listed(values: readonly unknown[]): string {
  return [values.slice(0, -1).join(", "), values.at(-1)].join(" or ");
}

/** A list, each of whose entries passes. */
export const list =
  (entry: Check): Check =>
  (value, at, name) =>
    Array.isArray(value)
      ? value.flatMap((part, index) => entry(part, at, `${name}[${index}]`))
      : is("a list", () => false)(value, at, name);

/** An object used as a table, each of whose values passes. */
export const table =
  (entry: Check): Check =>
  (value, at, name) =>
    isRecord(value)
      ? Object.entries(value).flatMap(([key, part]) => entry(part, at, `${name}: ${key}`))
      : is("an object", () => false)(value, at, name);

/** An object with these keys and no others. `label` names it in sentences, where it can; else the key it stands under does. */
export const record =
  <T extends object>(
    what: string,
    keys: Keys<T>,
    label: (value: { readonly [K in keyof T]?: unknown }, at: string) => string | undefined = () => undefined,
  ): Check =>
  (value, at, name) => {
    if (!isRecord(value)) return is("an object", () => false)(value, at, name);
    const where = label(value as { [K in keyof T]?: unknown }, at) ?? under(at, name);
    const known = Object.keys(keys);
    const unknown = Object.keys(value).filter((key) => !known.includes(key));
    return [
      ...(unknown[0] === undefined
        ? []
        : [
            `${where}: ${what} has ${known.join(", ")}, not ${unknown.join(", ")}${didYouMean(unknown[0], known)}`,
          ]),
      ...Object.entries<Check>(keys).flatMap(([key, check]) =>
        value[key] === undefined && check.optional === true ? [] : check(value[key], where, key),
      ),
    ];
  };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
