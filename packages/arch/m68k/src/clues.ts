import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "m68k",
  clues: [{ form: /\bm68k\b|\bMC680[2-6]0\b|\bAtari (?:Falcon|TT)\b|\bQuadra\b/i, weight: 10 }],
};
export { clues as default };
