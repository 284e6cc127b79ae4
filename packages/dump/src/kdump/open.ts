// kdump-compressed files: one, or the parts of a set (`makedumpfile --split`).
import { DumpError } from "../errors.ts";
import type { ByteSource, Decompressors, Dump } from "../interface.ts";
import { nothingSaid } from "../nothing.ts";
import { buffered } from "../source.ts";
import { type KdumpHeader, kdumpHeader } from "./header.ts";
import { type KdumpFile, kdumpMemory } from "./memory.ts";

/** What of the file is kept at hand, in bytes, and read at once: pages that are asked for together lie close to each other. */
const FILE_CACHE = 2 ** 22;
const FILE_BLOCK = 2 ** 14;

/**
 * The memory of a kdump-compressed file or of all files of a set.
 *
 * @throws DumpError `BAD_DUMP` for a header that cannot be right, or files that are no set.
 */
export function openKdump(
  sources: readonly [ByteSource, ...ByteSource[]],
  decompressors: Decompressors,
  cacheBytes: number,
): Dump {
  const open = (source: ByteSource): KdumpFile => ({
    header: kdumpHeader(source),
    file: buffered(source, FILE_CACHE, FILE_BLOCK),
  });
  const [source, ...others] = sources;
  const first = open(source);
  const files = [first, ...others.map(open)] as const;
  for (const { header, file } of files.slice(1)) mustBelong(first.header, header, file.name);
  const { header } = files.find((part) => part.header.vmcoreinfo !== null) ?? first;
  const covered = files.reduce(
    (sum, part) => sum + (part.header.split?.end ?? 0) - (part.header.split?.start ?? 0),
    0,
  );
  return {
    ...nothingSaid,
    form: "kdump",
    parts: files.length,
    compression: header.compression,
    version: header.version,
    dumpLevel: header.dumpLevel,
    complete:
      files.every((part) => !part.header.incomplete) &&
      (first.header.split === null || covered >= first.header.frames),
    utsname: header.utsname,
    bits: header.bits,
    byteOrder: header.little ? "little" : "big",
    vmcoreinfo: header.vmcoreinfo,
    notes: header.notes,
    memory: kdumpMemory(files, decompressors, cacheBytes),
  };
}

function mustBelong(first: KdumpHeader, other: KdumpHeader, name: string): void {
  if (first.split === null || other.split === null)
    throw new DumpError("BAD_DUMP", `${name}: of several files, each must be a part of one --split set`);
  if (first.frames !== other.frames || first.blockBytes !== other.blockBytes)
    throw new DumpError("BAD_DUMP", `${name} is a part of another dump than the first file`);
}
