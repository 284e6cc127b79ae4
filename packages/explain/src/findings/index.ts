import type { Finding } from "../interface.ts";
import { BITS } from "./bits.ts";
import { BYTES } from "./bytes.ts";
import type { Case, Rule } from "./case.ts";
import { FAULTS } from "./faults.ts";
import { NUMBERS } from "./numbers.ts";
import { PAGES } from "./pages.ts";
import { PAIR } from "./pair.ts";
import { POINTERS } from "./pointers.ts";
import { PRESENT } from "./present.ts";
import { REST } from "./rest.ts";
import { SPECIAL } from "./special.ts";
import { SWAP } from "./swap.ts";
import { TABLES } from "./tables.ts";

/** The rules that take the word for somebody's data, and those that take it for an entry. */
const DATA: readonly Rule[] = [...TABLES, ...BYTES, ...POINTERS, ...NUMBERS];
const ENTRY: readonly Rule[] = [...BITS, ...PAIR, ...FAULTS, ...SWAP, ...SPECIAL, ...PAGES, ...PRESENT];

/** Every rule; of as sure ones the first gives the verdict. */
export const RULES: readonly Rule[] = [...DATA, ...ENTRY, ...REST];

const ORDER: readonly Finding["strength"][] = ["sure", "likely", "possible"];

/**
 * What the rules conclude, the strongest first. Where a stronger one holds, a weaker one is silent, and where the word is
 * data, what it would be as an entry; but for those that stand beside whatever else does.
 */
export function findingsOf(one: Case): readonly Finding[] {
  const all = RULES.flatMap((rule) => {
    const said = rule.holds(one);
    if (said === null) return [];
    const { name, cause, strength, citation } = rule;
    const { sentence, next } = said;
    const finding: Finding = {
      rule: name,
      cause,
      strength: said.strength ?? strength,
      citation,
      sentence,
      ...(next === undefined ? {} : { next }),
    };
    return [{ rule, finding }];
  });
  const told = all.filter(({ rule }) => !rule.beside);
  const best = ORDER.find((strength) => told.some(({ finding }) => finding.strength === strength));
  const equal = told.filter(({ finding }) => finding.strength === best);
  const named = equal.filter(({ rule }) => !rule.leftover);
  const strongest = named.length > 0 ? named : equal;
  const isData = strongest[0] !== undefined && DATA.includes(strongest[0].rule);
  const fitting = strongest.filter(({ rule }, i) => i === 0 || !(isData ? ENTRY : DATA).includes(rule));
  return [...fitting, ...all.filter(({ rule }) => rule.beside)].map(({ finding }) => finding);
}
