import type { ArchClues } from "@ptekit/core";
import type { Evidence } from "../interface.ts";

/** What every architecture's clues say of a line. */
export function archsIn(text: string, line: number, all: readonly ArchClues[]): Evidence[] {
  const own = withoutWords(withoutBuilder(text));
  if (own.length < 3) return [];
  return all.flatMap(({ arch, clues }) =>
    clues.flatMap(({ form, weight, config }) => {
      const because = form.exec(own)?.[0].trim();
      if (because === undefined) return [];
      return [{ says: "arch" as const, value: arch, because, line, weight, ...(config ? { config } : {}) }];
    }),
  );
}

/** Without the people and compilers that built it: "(builder@ci-amd64-3) (riscv64-linux-gnu-gcc …)". */
const withoutBuilder = (text: string): string =>
  text.includes("@") || text.includes("gcc") || text.includes("clang")
    ? text
        .replace(/\([^()@]{1,64}@[^()]{1,80}\)/g, "")
        .replace(/\((?:[\w-]{1,30}-)?(?:gcc|clang)\b.{0,300}/g, "")
    : text;

/** Without the words in question: what lies over a page table may look like another machine's address. */
const withoutWords = (text: string): string =>
  /pte|entry/i.test(text)
    ? text.replace(/\b(entry|pte)(\s{0,4}[:=]?\s{1,4}|[:=])(?:0x)?[0-9a-f_]{2,40}(?!\w)/gi, "$1$2")
    : text;

/** What speaks for an architecture. */
export interface Candidate {
  readonly arch: string;
  readonly weight: number;
  readonly evidence: readonly Evidence[];
}

/** Architectures by how strongly the evidence speaks for them: each clue counts once, further ones less. */
export function candidates(found: readonly Evidence[]): Candidate[] {
  const of = new Map<string, Map<string, Evidence>>();
  for (const one of found) {
    if (one.says !== "arch") continue;
    const known = of.get(one.value) ?? new Map<string, Evidence>();
    const key = `${one.weight} ${one.because.replace(/[0-9a-f]{6,}/g, "")}`;
    if (!known.has(key)) known.set(key, one);
    of.set(one.value, known);
  }
  return [...of]
    .map(([arch, all]) => {
      const evidence = [...all.values()].sort((a, b) => b.weight - a.weight);
      const weight = evidence.reduce((sum, one, i) => sum + (i < 3 ? one.weight : one.weight / 4), 0);
      return { arch, weight, evidence };
    })
    .sort((a, b) => b.weight - a.weight);
}
