export type { StoredEntry } from "./entry.ts";
export { explainEntry } from "./entry.ts";
export type { Rule } from "./findings/case.ts";
export { RULES } from "./findings/index.ts";
export type { Evidence, Finding, Level, Options, Report, Strength, Verdict, Word } from "./interface.ts";
export type { Source } from "./lines/source.ts";
export { explain, explainAll } from "./stream.ts";
export { type Style, textOf, verdictLines } from "./text.ts";
