export type { ChangeDetail, LoadArchitecture } from "./element.ts";
export { definePteBits } from "./element.ts";
export type { Run } from "./runs.ts";
export { isSet, rowsOfBits, runsOf, toggled } from "./runs.ts";
