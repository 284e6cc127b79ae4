import fs from "node:fs";
import { bufferSource, DumpError, openDump } from "@ptekit/dump";
import { nodeDecompressors, openDumpFile } from "@ptekit/dump/node";
import { reasonOf, UsageError } from "./errors.ts";

/** Physical memory, while its file is open. */
export interface Memory {
  /** What is not said, and taken, in sentences. */
  readonly assumed: readonly string[];
  /** `"read"`, or why not. */
  read(address: bigint, into: Uint8Array): string;
  close(): void;
}

/**
 * The physical memory in a file, or on standard input for `-`: what a dump says, or raw memory from `base` on; from 0 on
 * where nothing says what the file is.
 */
export async function openMemory(file: string, base: bigint | undefined): Promise<Memory> {
  const open = file === "-" ? opener(wholeInput()) : fileOpener(file);
  if (base !== undefined) return open(base);
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DumpError) || error.code !== "NOT_A_DUMP") throw error;
    return {
      ...(await open(0n)),
      assumed: ["the file is raw memory from physical address 0 on (no --ram-base given)"],
    };
  }
}

type Opener = (ramBase?: bigint) => Promise<Memory>;

const fileOpener =
  (file: string): Opener =>
  async (ramBase) => {
    const { memory, close } = await openDumpFile(file, ramBase === undefined ? {} : { ramBase });
    return { assumed: [], read: (address, into) => memory.read(address, into), close };
  };

const opener =
  (bytes: Uint8Array): Opener =>
  async (ramBase) => {
    const source = bufferSource(bytes, "standard input");
    const decompressors = await nodeDecompressors();
    const { memory } = openDump(
      source,
      ramBase === undefined ? { decompressors } : { decompressors, ramBase },
    );
    return { assumed: [], read: (address, into) => memory.read(address, into), close: () => {} };
  };

function wholeInput(): Uint8Array {
  try {
    return fs.readFileSync(0);
  } catch (error) {
    throw new UsageError(`cannot read standard input: ${reasonOf(error)}`);
  }
}
