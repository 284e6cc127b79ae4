// What only Node can do: files by path, and its own zlib.
import fs from "node:fs";
import { firstBytes } from "./bytes.ts";
import { DumpError } from "./errors.ts";
import type { ByteSource, Decompressors, Dump, OpenOptions } from "./interface.ts";
import { nodeInflate } from "./node-inflate.ts";
import { isDump, openDump } from "./open.ts";
import { zstdDecompressor } from "./portable.ts";

const HEAD_BYTES = 4096;

/** A file that stays open until it is closed. */
export interface FileSource extends ByteSource {
  close(): void;
}

/** A dump whose files stay open until it is closed. */
export interface OpenedDump extends Dump {
  close(): void;
}

/**
 * The dump in a file, or in all files of a `makedumpfile --split` set; close it when done. zlib and zstd are brought along.
 *
 * @throws DumpError as {@link openDump} does; `BAD_FILE` where a file cannot be opened.
 */
export async function openDumpFile(
  paths: string | readonly string[],
  options: OpenOptions = {},
): Promise<OpenedDump> {
  const opened: FileSource[] = [];
  const close = (): void => {
    for (const file of opened.splice(0)) file.close();
  };
  try {
    for (const path of typeof paths === "string" ? [paths] : paths) opened.push(fileSource(path));
    const dump = openDump([...opened], { decompressors: { zlib: nodeInflate() }, ...options });
    if (dump.compression !== "zstd" || options.decompressors !== undefined) return { ...dump, close };
    // Its set-up takes longer than opening a dump, and most dumps do not need it.
    return { ...openDump([...opened], { ...options, decompressors: await nodeDecompressors() }), close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * A file as a source of bytes; close it when done.
 *
 * @throws DumpError `BAD_FILE` where it cannot be opened, or is a directory, a pipe or a terminal.
 */
export function fileSource(path: string): FileSource {
  const fd = guarded(path, () => fs.openSync(path, "r"));
  try {
    const size = sizeOf(path, fd);
    return {
      name: path,
      size,
      read: (offset, into) => guarded(path, () => readAt(fd, offset, into)),
      close: () => fs.closeSync(fd),
    };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Whether a file begins as a dump does ({@link isDump}); false for what is no file, or cannot be opened. */
export function isDumpFile(path: string): boolean {
  try {
    // A pipe must not be opened: what is read from it is gone.
    if (!fs.statSync(path).isFile()) return false;
    const file = fileSource(path);
    try {
      return isDump(firstBytes(file, HEAD_BYTES));
    } finally {
      file.close();
    }
  } catch {
    return false;
  }
}

/** zlib by Node, and zstd by zstddec: for blocks of a page Node's own zstd takes longer to set up than to decompress. */
export async function nodeDecompressors(): Promise<Required<Decompressors>> {
  return { zlib: nodeInflate(), zstd: await zstdDecompressor() };
}

function sizeOf(path: string, fd: number): number {
  const stat = guarded(path, () => fs.fstatSync(fd));
  if (stat.isFile()) return stat.size;
  throw new DumpError(
    "BAD_FILE",
    `${path} is ${stat.isDirectory() ? "a directory" : "no file: a dump is read at many places"}`,
  );
}

function readAt(fd: number, offset: number, into: Uint8Array): number {
  let filled = 0;
  while (filled < into.length) {
    const got = fs.readSync(fd, into, filled, into.length - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

function guarded<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DumpError) throw error;
    throw new DumpError(
      "BAD_FILE",
      `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
