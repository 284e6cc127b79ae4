export { unlzo } from "./codec/lzo.js";
export { unsnappy } from "./codec/snappy.js";
export type { DumpErrorCode } from "./errors.js";
export { DumpError } from "./errors.js";
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
} from "./interface.js";
export { openDump } from "./open.js";
export { portableDecompressors } from "./portable.js";
export type { BlobLike, SyncReader } from "./source.js";
export { blobSource, bufferSource } from "./source.js";
