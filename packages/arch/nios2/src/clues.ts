import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "nios2",
  clues: [{ form: /\bnios2\b/i, weight: 10 }],
};
export { clues as default };
