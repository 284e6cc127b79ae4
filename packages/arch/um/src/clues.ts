import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "um",
  clues: [
    { form: /\bUser[ -]?Mode[ -]?Linux\b|\bUML\b/i, weight: 10 },
    {
      form: /\b(?:UML|User[ -]?Mode[ -]?Linux)\b.{0,60}\b32.?bits?\b/i,
      weight: 2,
      config: { CONFIG_64BIT: "n" },
    },
  ],
};
export { clues as default };
