/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The sentence of a PtekitError, without its code. */
export function sentenceOf(error: unknown): string {
  return messageOf(error).replace(/^[A-Z_]+: /, "");
}
