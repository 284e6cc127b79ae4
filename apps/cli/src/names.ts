import type { MarkerName } from "@ptekit/core";
import { didYouMean } from "@ptekit/core";
import { UsageError } from "./errors.ts";

/** The name that an option gives, where it is one of those there are. */
export function oneOf(option: string, text: string, names: readonly string[]): string {
  if (names.includes(text)) return text;
  throw new UsageError(
    `${option} is one of ${names.join(", ")}, not ${JSON.stringify(text)}${didYouMean(text, names)}`,
  );
}

const MARKERS: readonly MarkerName[] = ["uffd-wp", "poisoned", "guard", "swapin-error"];

/** The value of --marker; whether the kernel that is meant has it is another question. */
export const readMarker = (text: string): MarkerName => oneOf("--marker", text, MARKERS) as MarkerName;
