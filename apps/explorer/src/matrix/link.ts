// What the matrix shows is a link: #/v1/matrix/6.12?has=uffdWp&compare=arm64,riscv
import type { Grammar } from "../link.ts";
import { decode, encode, oneOf, valuesIn, withOptions } from "../link.ts";

/** What the matrix shows: a release or `latest`, and of which architectures. */
export interface MatrixState {
  readonly release: string;
  /** The id of a column: those that have it, that lack it; empty where that is not asked. */
  readonly has: string;
  readonly lacks: string;
  /** At most two names. */
  readonly compare: readonly string[];
}

/** The links of the matrix, where it has these releases, columns and architectures. */
export const matrixGrammar = (
  releases: readonly string[],
  columns: readonly string[],
  archs: readonly string[],
): Grammar => ({
  form: "#/v1/matrix/RELEASE",
  path: (fragment) => {
    const [, release = ""] = /^#\/v1\/matrix\/([^?/]*)(?:\?|$)/.exec(fragment) ?? [];
    return ["latest", ...releases].includes(decode(release));
  },
  options: {
    has: oneOf(columns),
    lacks: oneOf(columns),
    compare: (value) => value.split(",").every(oneOf(archs)),
  },
});

/** The fragment of what the matrix shows: `#/v1/matrix/6.12?has=uffdWp&compare=arm64,riscv`. */
export function matrixFragment({ release, has, lacks, compare }: MatrixState): string {
  const options = [
    ...(has === "" ? [] : [`has=${encode(has)}`]),
    ...(lacks === "" ? [] : [`lacks=${encode(lacks)}`]),
    ...(compare.length === 0 ? [] : [`compare=${compare.map(encode).join(",")}`]),
  ];
  return withOptions(`#/v1/matrix/${encode(release)}`, options);
}

/** What the matrix shows for a fragment: all of the newest release where it is none of ours. */
export function matrixStateOf(fragment: string): MatrixState {
  const [, release = "latest", query = ""] = /^#\/v1\/matrix\/([^?/]*)(?:\?(.*))?$/s.exec(fragment) ?? [];
  const value = (name: string): string => valuesIn(query, name).at(-1) ?? "";
  const compare = value("compare").split(",");
  return {
    release: decode(release) || "latest",
    has: value("has"),
    lacks: value("lacks"),
    compare: compare.filter((name) => name !== "").slice(0, 2),
  };
}
