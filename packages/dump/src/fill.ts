import type { ByteSource, ReadOutcome } from "./interface.ts";

/** Bytes as they lie in the file. A file that ends before them was cut short. */
export const fillFrom = (file: ByteSource, offset: number, into: Uint8Array): ReadOutcome =>
  file.read(offset, into) === into.length ? "read" : "lost";
