import { PtekitError } from "../errors.ts";
import { given } from "./given.ts";

// What callers hand over first: TypeScript's cannot get it wrong, JavaScript's can.

/** Refuses a value that has none of that key. */
export function requireKey(value: unknown, key: string, what: string): void {
  if (typeof value === "object" && value !== null && key in value) return;
  throw new PtekitError("BAD_ARGUMENT", `${what} is meant, not ${given(value)}`);
}

/** Refuses what is no list of objects. */
export function requireList(value: unknown, what: string): void {
  if (Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null)) return;
  throw new PtekitError("BAD_ARGUMENT", `${what} are meant, as a list, not ${given(value)}`);
}

/** Refuses what is no list of numbers. */
export function requireNumbers(value: unknown, what: string): void {
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) return;
  throw new PtekitError("BAD_ARGUMENT", `${what} are meant, as a list of numbers, not ${given(value)}`);
}

/** Refuses what is no list of texts. */
export function requireTexts(value: unknown, what: string): void {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return;
  throw new PtekitError("BAD_ARGUMENT", `${what} are meant, as a list of texts, not ${given(value)}`);
}

/** Refuses what cannot be called. */
export function requireVerb(value: unknown, what: string): void {
  if (typeof value !== "function")
    throw new PtekitError("BAD_ARGUMENT", `${what} is a function, not ${given(value)}`);
}

/** Refuses what is no row of bits. */
export const requireRow = (value: unknown): void => requireKey(value, "high", "a row with high and low");

/** Refuses what is no geometry. */
export const requireGeometry = (value: unknown): void => {
  requireKey(value, "levels", "a geometry");
  requireKey(value, "root", "a geometry");
};

/** Refuses what is no description of present PTEs. */
export const requirePresent = (value: unknown): void => {
  requireKey(value, "modify", "a description of present PTEs");
  requireLayout(value);
};

/** Refuses what is no layout. */
export const requireLayout = (value: unknown): void => requireKey(value, "fields", "a layout");

/** Refuses what is no table of swap types. */
export const requireTypes = (value: unknown): void => requireKey(value, "special", "a table of swap types");

/** Refuses what is none of the facts of a kernel. */
export const requireFacts = (value: unknown): void =>
  requireKey(value, "maxSwapfilePages", "a backend's kernel");

/** Refuses what is no architecture's data. */
export const requireArch = (value: unknown): void => requireKey(value, "layouts", "an architecture");

/** Refuses what is no release taken apart. */
export const requireRelease = (value: unknown): void =>
  requireKey(value, "numbers", "a release, as parseRelease() gives it");

/** Refuses what has none of the parts of a backend: a backend, or what select() gives. */
export function requireKernel(value: unknown): void {
  const isArch = typeof value === "object" && value !== null && "layouts" in value;
  requireKey(value, "kernel", isArch ? "a backend (call .for({ release }) first)" : "a backend");
}

/** Refuses what is no text. */
export function requireText(value: unknown, what: string): void {
  if (typeof value !== "string")
    throw new PtekitError("BAD_ARGUMENT", `${what} is a text, not ${given(value)}`);
}

/** Refuses what is no number of a bit. */
export function requireBit(value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0)
    throw new PtekitError("BAD_ARGUMENT", `a bit is a whole number from 0 on, not ${given(value)}`);
}

/** Refuses what is no word. */
export function requireWord(value: unknown): void {
  if (typeof value !== "bigint")
    throw new PtekitError("BAD_WORD", `a word is a bigint (0x1084n), not ${given(value)}`);
}
