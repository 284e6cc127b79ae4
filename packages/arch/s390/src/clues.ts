import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "s390",
  clues: [
    { form: /\bs390x?\b|\bzSeries\b/i, weight: 10 },
    { form: /\bKrnl PSW\b|\bUser PSW\b|\bFailing address: [0-9a-f]{16} TEID: /, weight: 10 },
    { form: /\bAS:[0-9a-f]{16} R[123]:[0-9a-f]{16}/, weight: 10 },
    { form: /\bHardware name: IBM \d{4} /, weight: 8 },
    { form: /\binterruption code 00[0-9a-f]{2} ilc:/, weight: 8 },
  ],
};
export { clues as default };
