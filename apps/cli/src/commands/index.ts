import type { Command } from "../command.js";

/** Every command, in the order of the help; each file is evaluated when its command is asked for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  decode: async () => (await import("./decode.js")).decode,
  encode: async () => (await import("./encode.js")).encode,
  entry: async () => (await import("./entry.js")).entry,
  explain: async () => (await import("./explain.js")).explain,
  layout: async () => (await import("./layout.js")).layout,
  diff: async () => (await import("./diff.js")).diff,
  types: async () => (await import("./types.js")).types,
  spare: async () => (await import("./spare.js")).spare,
  argue: async () => (await import("./argue.js")).argue,
  life: async () => (await import("./life.js")).life,
  archs: async () => (await import("./archs.js")).archs,
  census: async () => (await import("./census.js")).census,
  find: async () => (await import("./find.js")).find,
  pagemap: async () => (await import("./pagemap.js")).pagemap,
};

/** All of them, for the help and the manual. */
export async function loadCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}
