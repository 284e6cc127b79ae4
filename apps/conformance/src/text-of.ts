/** The first line of anything thrown. */
export function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
  } catch {
    return "something that is no text was thrown";
  }
}
