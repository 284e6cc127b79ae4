import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "arc",
  clues: [{ form: /\bARC ?HS\d|\bARCompact\b|\bARC700\b|\bsnps,arc|\bECR: 0x[0-9a-f]{8}/i, weight: 9 }],
};
export { clues as default };
