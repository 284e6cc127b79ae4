import { toJson } from "@ptekit/core";
import type { Answer } from "./answer.ts";

/** An answer as the command line prints it with --json. */
export function jsonOf(answer: Exclude<Answer, { what: "nothing" | "refused" }>): object {
  return toJson(answer.said) as object;
}
