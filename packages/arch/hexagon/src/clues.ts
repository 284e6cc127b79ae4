import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "hexagon",
  clues: [{ form: /\bhexagon\b/i, weight: 10 }],
};
export { clues as default };
