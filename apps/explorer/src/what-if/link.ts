// What is asked is a link: #/v1/what-if/arm64@6.12?for=uffdWp&bit=4
import type { FlagName } from "@ptekit/core";
import { FLAG_NAMES } from "@ptekit/core";
import type { Side } from "../diff/link.ts";
import { isSide, sideOf, sideText } from "../diff/link.ts";
import type { Grammar } from "../link.ts";
import { oneOf, valuesIn, withOptions } from "../link.ts";

/** A bit of a kernel's swap PTE, and the flag that it is wanted for. */
export interface Question {
  readonly kernel: Side;
  readonly use: FlagName;
  /** Null where none is chosen yet. */
  readonly bit: number | null;
}

/** The fragment of a question. */
export function whatIfFragment({ kernel, use, bit }: Question): string {
  const options = [...(use === "uffdWp" ? [] : [`for=${use}`]), ...(bit === null ? [] : [`bit=${bit}`])];
  return withOptions(`#/v1/what-if/${sideText(kernel)}`, options);
}

/** What a fragment asks; null where it is none of ours. */
export function questionOf(fragment: string): Question | null {
  const [, side = "", query = ""] = /^#\/v1\/what-if\/([^/?]+)(?:\?(.*))?$/s.exec(fragment) ?? [];
  const kernel = sideOf(side);
  if (kernel === null) return null;
  const use = FLAG_NAMES.find((name) => name === valuesIn(query, "for").at(-1)) ?? "uffdWp";
  const bit = valuesIn(query, "bit").at(-1) ?? "";
  return { kernel, use, bit: /^\d{1,2}$/.test(bit) ? Number(bit) : null };
}

/** The links of a question. */
export const whatIfGrammar: Grammar = {
  form: "#/v1/what-if/ARCH@RELEASE?for=softDirty&bit=4",
  path: (fragment) => isSide(/^#\/v1\/what-if\/([^/?]+)(?:\?|$)/.exec(fragment)?.[1] ?? ""),
  options: { for: oneOf(FLAG_NAMES), bit: (value) => /^\d{1,2}$/.test(value) },
};
