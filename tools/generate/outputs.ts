/** What a maker makes: a file's path, from the root, and its whole text; `as is` where its lines are its own. */
export type Output = readonly [path: string, text: string, form?: "as is"];
