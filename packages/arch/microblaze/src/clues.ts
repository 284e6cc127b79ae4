import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "microblaze",
  clues: [{ form: /\bmicroblaze\w{0,2}\b/i, weight: 10 }],
};
export { clues as default };
