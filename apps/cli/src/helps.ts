/** Every help text by the name of its command, and that of the program by "": build.mjs has docs.ts draw them up. */
declare const HELPS: Readonly<Record<string, string>>;

export const helps: Readonly<Record<string, string>> = HELPS;
