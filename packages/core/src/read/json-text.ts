import { hex } from "../data/bits.ts";
import type { Decoded } from "../interface/decoded.ts";
import { printableJson } from "../util/printable.ts";
import { Answer } from "./answer.ts";
import { toJson } from "./json.ts";

/**
 * `printableJson(toJson(answer))`, the text of an answer on one line, without the objects in between: for those who write
 * millions of them.
 */
export function jsonText(answer: Decoded): string {
  return answer instanceof Answer ? answerText(answer) : printableJson(toJson(answer));
}

/** What stands first in an answer's text, in another order than in the answer. */
const FIRST = ["pte", "arch", "layout"];

function answerText(answer: Answer): string {
  const { pte, arch, layout, level, assumed } = answer;
  const head = `"pte":"${hex(pte, Answer.bitsOf(answer))}","arch":${quoted(arch)},"layout":${quoted(layout)}`;
  let text = `{${head},"level":${quoted(level)},"assumed":[`;
  for (let i = 0; i < assumed.length; i++) {
    const { sentence, otherwise } = assumed[i] as (typeof assumed)[number];
    const other = otherwise === null ? "null" : jsonText(otherwise);
    text += `${i === 0 ? "" : ","}{"sentence":${quoted(sentence)},"otherwise":${other}}`;
  }
  text += "]";
  // Own keys alone are enumerable.
  for (const key in answer) {
    const value: unknown = answer[key as keyof Answer];
    if (value !== undefined && !FIRST.includes(key)) text += `,"${key}":${valueText(value)}`;
  }
  return `${text}}`;
}

function valueText(value: unknown): string {
  switch (typeof value) {
    case "bigint":
      return `"0x${value.toString(16)}"`;
    case "boolean":
    case "number":
      return String(value);
    case "string":
      return quoted(value);
    default:
      return Array.isArray(value) ? `[${value.map(valueText).join(",")}]` : printableJson(toJson(value));
  }
}

// The names of kinds, flags and layouts, and sentences about defaults: few, and in every answer.
const known = new Map<string, string>();
const MOST = 10_000;

function quoted(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = printableJson(text);
  if (known.size < MOST) known.set(text, made);
  return made;
}
