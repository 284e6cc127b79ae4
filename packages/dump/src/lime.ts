// LiME and AVML: a header before each range of memory.
import { fieldsOf, hex } from "./bytes.ts";
import { DumpError } from "./errors.ts";
import { memoryOf, overlay, type Piece } from "./extents.ts";
import { fillFrom } from "./fill.ts";
import { chunkReader, type FramedBlock, framesOf } from "./frames.ts";
import type { ByteSource, Dump } from "./interface.ts";
import { nothingSaid } from "./nothing.ts";
import { buffered } from "./source.ts";

const LIME = 0x4c69_4d45;
const AVML = 0x4c4d_5641;
const HEADER_BYTES = 32;
const MOST_BLOCKS = 2 ** 22;

/** A range of memory: its bytes lie from `offset` on, plain or as snappy frames. */
interface Block extends Piece {
  readonly offset: number;
}

/** Which of the two forms begins so. */
export function limeForm(head: Uint8Array): "lime" | "avml" | null {
  if (head.length < HEADER_BYTES) return null;
  const magic = fieldsOf(head, true).u32(0);
  return magic === LIME ? "lime" : magic === AVML ? "avml" : null;
}

/** Memory as LiME writes it (`format=lime`), also AVML without compression. */
export function openLime(source: ByteSource, cacheBytes: number): Dump {
  const file = buffered(source, cacheBytes);
  const blocks: Block[] = [];
  for (let at = 0; at + HEADER_BYTES <= source.size; ) {
    const block = blockAt(file, at, LIME, 1);
    addTo(blocks, block, source);
    at = block.offset + (block.end - block.start);
  }
  const memory = memoryOf(overlay(blocks), source.name, (id, address, into) => {
    const block = blocks[id] as Block;
    return fillFrom(file, block.offset + address - block.start, into);
  });
  const last = blocks.at(-1) as Block;
  const complete = last.offset + (last.end - last.start) <= source.size;
  return { ...nothingSaid, form: "lime", version: 1, byteOrder: "little", complete, memory };
}

/**
 * Memory as AVML writes it with `--compress`. It leaves blocks of zeros out without a word, so a gap between two ranges
 * may be one of those: it is `excluded`, not `outside`.
 */
export function openAvml(source: ByteSource, cacheBytes: number): Dump {
  const file = buffered(source, 2 ** 20);
  const blocks: FramedBlock[] = [];
  let complete = true;
  for (let at = 0; at + HEADER_BYTES <= source.size; ) {
    const { start, end, offset } = blockAt(file, at, AVML, 2);
    const block = framesOf(file, start, end, offset);
    addTo(blocks, block, source);
    complete &&= block.whole;
    // The length of the frames follows them.
    at = block.after + 8;
  }
  const extents = overlay(blocks);
  const lowest = extents.starts[0] ?? 0;
  const highest = extents.ends.at(-1) ?? 0;
  const chunks = chunkReader(file, cacheBytes);
  const memory = memoryOf(
    extents,
    source.name,
    (id, address, into) => chunks(blocks[id] as FramedBlock, id, address, into),
    (address) => (address >= lowest && address < highest ? "excluded" : "outside"),
  );
  return {
    ...nothingSaid,
    form: "avml",
    version: 2,
    compression: "snappy",
    byteOrder: "little",
    complete,
    memory,
  };
}

function blockAt(file: ByteSource, at: number, magic: number, version: number): Block {
  const bytes = new Uint8Array(HEADER_BYTES);
  file.read(at, bytes);
  const fields = fieldsOf(bytes, true);
  if (fields.u32(0) !== magic || fields.u32(4) !== version)
    throw new DumpError("BAD_DUMP", `${file.name}: at byte ${at} there is no header of a further range`);
  const start = fields.u64(8);
  const end = fields.u64(16) + 1;
  if (start >= end || end > 2 ** 53)
    throw new DumpError("BAD_DUMP", `${file.name}: a range from ${hex(start)} to ${hex(end)} is none`);
  return { start, end, offset: at + HEADER_BYTES };
}

function addTo<T>(blocks: T[], block: T, source: ByteSource): void {
  if (blocks.push(block) > MOST_BLOCKS)
    throw new DumpError("BAD_DUMP", `${source.name} has more than ${MOST_BLOCKS} ranges`);
}
