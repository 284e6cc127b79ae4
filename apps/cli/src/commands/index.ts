import type { Command } from "../command.ts";

/** Every command, in the order of the help; each file is evaluated when its command is asked for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  decode: async () => (await import("./decode.ts")).decode,
  encode: async () => (await import("./encode.ts")).encode,
  entry: async () => (await import("./entry.ts")).entry,
  explain: async () => (await import("./explain.ts")).explain,
  layout: async () => (await import("./layout.ts")).layout,
  diff: async () => (await import("./diff.ts")).diff,
  history: async () => (await import("./history.ts")).history,
  types: async () => (await import("./types.ts")).types,
  spare: async () => (await import("./spare.ts")).spare,
  argue: async () => (await import("./argue.ts")).argue,
  life: async () => (await import("./life.ts")).life,
  archs: async () => (await import("./archs.ts")).archs,
  census: async () => (await import("./census.ts")).census,
  find: async () => (await import("./find.ts")).find,
  scan: async () => (await import("./scan.ts")).scan,
  vtop: async () => (await import("./vtop.ts")).vtop,
  walk: async () => (await import("./walk.ts")).walk,
  pagemap: async () => (await import("./pagemap.ts")).pagemap,
};

/** All of them, for the help and the manual. */
export async function loadCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}
