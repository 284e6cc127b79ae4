import type { Decompressors } from "./interface.ts";

/**
 * zlib (by fflate) and zstd (by zstddec, WebAssembly), in any JavaScript: what {@link openDump} takes in a browser. In Node,
 * nodeDecompressors of `@ptekit/dump/node` is faster.
 */
export async function portableDecompressors(): Promise<Required<Decompressors>> {
  const [{ unzlibSync }, zstd] = await Promise.all([import("fflate"), zstdDecompressor()]);
  return { zlib: (input, into) => unzlibSync(input, { out: into }).length, zstd };
}

/** zstd by zstddec: its set-up is paid once, which for blocks of a page is what counts. */
export async function zstdDecompressor(): Promise<NonNullable<Decompressors["zstd"]>> {
  const { ZSTDDecoder } = await import("zstddec");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (input, into) => {
    const bytes = decoder.decode(input, into.length);
    into.set(bytes);
    return bytes.length;
  };
}
