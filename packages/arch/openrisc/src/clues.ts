import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "openrisc",
  clues: [{ form: /\bopenrisc\b|\bor1k\w{0,3}\b/i, weight: 10 }],
};
export { clues as default };
