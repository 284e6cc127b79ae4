export { canonical, load, loadAll } from "./load.ts";
export type { ArchName } from "./names.ts";
export { aliases, elfMachines, names, titles } from "./names.ts";
