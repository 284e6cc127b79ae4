export { unlzo } from "./codec/lzo.ts";
export { unsnappy } from "./codec/snappy.ts";
export type { DumpErrorCode } from "./errors.ts";
export { DumpError } from "./errors.ts";
export type { FileForm } from "./form.ts";
export { fileForm } from "./form.ts";
export type {
  ByteSource,
  Compression,
  Decompress,
  Decompressors,
  Dump,
  DumpForm,
  DumpNote,
  OpenOptions,
  PhysicalMemory,
  PhysicalRange,
  ReadOutcome,
  Utsname,
} from "./interface.ts";
export { isDump, openDump } from "./open.ts";
export { portableDecompressors } from "./portable.ts";
export type { BlobLike, SyncReader } from "./source.ts";
export { blobSource, bufferSource } from "./source.ts";
