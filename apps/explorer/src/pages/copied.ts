/** Copies a text; what came of it, in a sentence. Where a browser refuses, the sentence holds the text. */
export async function copied(text: string, done: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    return `It could not be copied: ${text}`;
  }
}
