export type { Census, Counter } from "./census.ts";
export { addCensus } from "./census.ts";
export type { Columns, ColumnsU32, ColumnsU64, EveryColumns } from "./columns.ts";
export { createColumns } from "./columns.ts";
export { compile } from "./decoder.ts";
export type { FindPredicate } from "./find.ts";
export type { PteInput } from "./input.ts";
export type {
  Block,
  BlockOptions,
  ByteSource,
  CompileOptions,
  Decoder,
  PteMemory,
} from "./interface.ts";
export type { OffsetColumns } from "./kernel.ts";
export type { Sweep, Sweeper } from "./sweep.ts";
export { compileSweep } from "./sweep.ts";
