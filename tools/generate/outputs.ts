/** What a maker makes: a file's path, from the root, and its whole text. */
export type Output = readonly [path: string, text: string];
