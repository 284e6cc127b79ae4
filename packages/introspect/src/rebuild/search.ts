// What looks for a kernel in all of memory, and is loaded where nothing else found one.
export { tablesOnly } from "../roots/tables-only.ts";
export { rebuiltFrom } from "./vmcoreinfo.ts";
