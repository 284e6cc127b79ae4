// makedumpfile's flattened form, for pipes: records that say where their bytes belong, later ones over earlier ones.
import { fieldsOf, latin1 } from "./bytes.ts";
import { DumpError } from "./errors.ts";
import { type Extents, overlay, pieceAt } from "./extents.ts";
import type { ByteSource } from "./interface.ts";
import { buffered } from "./source.ts";

const MAGIC = "makedumpfile\0\0\0\0";
const HEADER_BYTES = 4096;
const RECORD_BYTES = 16;
/** Runs of records; writers make some hundreds. */
const MOST_RUNS = 2 ** 22;

export const isFlattened = (head: Uint8Array): boolean =>
  head.length >= 32 && latin1(head.subarray(0, 16)) === MAGIC.slice(0, 12);

/** Records of one size that follow each other, in the file and in what they write. */
interface Run {
  readonly start: number;
  end: number;
  /** Where the bytes of the first one lie, and how many each has. */
  readonly offset: number;
  readonly each: number;
}

export interface Unflattened {
  readonly source: ByteSource;
  /** Whether the record that ends a flattened file is there. */
  readonly complete: boolean;
}

/**
 * The file that a flattened one describes. Only the records' headers are read, and memory grows with the number of runs
 * of equal records, not with the file.
 *
 * @throws DumpError `BAD_DUMP`.
 */
export function unflatten(source: ByteSource): Unflattened {
  const { runs, complete } = runsOf(source);
  const extents = overlay(runs);
  const size = runs.reduce((most, run) => Math.max(most, run.end), 0);
  return { source: { name: source.name, size, read: reader(source, runs, extents, size) }, complete };
}

function runsOf(source: ByteSource): { runs: Run[]; complete: boolean } {
  // Headers lie a record apart: a small block holds the one asked for, and rarely the next.
  const file = buffered(source, 4096, 64);
  const bytes = new Uint8Array(RECORD_BYTES);
  const fields = fieldsOf(bytes, false);
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let at = HEADER_BYTES; ; ) {
    if (file.read(at, bytes) < RECORD_BYTES) return { runs, complete: false };
    if ((bytes[0] as number) >= 0x80) return { runs, complete: true };
    const start = fields.u64(0);
    const size = fields.u64(8);
    if (size === 0 || start + size > 2 ** 53)
      throw new DumpError(
        "BAD_DUMP",
        `${source.name}: the record at byte ${at} has ${size} bytes for ${start}`,
      );
    const offset = at + RECORD_BYTES;
    if (last !== undefined && follows(last, start, size, offset)) last.end += size;
    else {
      last = { start, end: start + size, offset, each: size };
      if (runs.push(last) > MOST_RUNS)
        throw new DumpError("BAD_DUMP", `${source.name} has more than ${MOST_RUNS} records without order`);
    }
    at = offset + size;
  }
}

const follows = (
  { start, end, offset, each }: Run,
  nextStart: number,
  size: number,
  nextOffset: number,
): boolean =>
  nextStart === end &&
  size === each &&
  nextOffset === offset + ((end - start) / each) * (each + RECORD_BYTES);

/** What no record writes reads as zeros, as it does in the file that they would make. */
function reader(
  source: ByteSource,
  runs: readonly Run[],
  extents: Extents,
  size: number,
): ByteSource["read"] {
  return (offset, into) => {
    const wanted = Math.max(0, Math.min(into.length, size - offset));
    for (let done = 0; done < wanted; ) {
      const at = offset + done;
      const piece = pieceAt(extents, at);
      if (piece < 0) {
        into[done++] = 0;
        continue;
      }
      const { start, offset: first, each } = runs[extents.ids[piece] as number] as Run;
      const record = Math.floor((at - start) / each);
      const recordEnd = start + (record + 1) * each;
      const until = Math.min(recordEnd, extents.ends[piece] as number, offset + wanted) - offset;
      const part = into.subarray(done, until);
      const got = source.read(first + record * RECORD_BYTES + (at - start), part);
      if (got < part.length) return done + got;
      done = until;
    }
    return wanted;
  };
}
