// zlib by Node, for thousands of blocks of a page: Node's function for a block at once sets up a stream of its own for each,
// which takes twice as long as inflating a page. The stream's handle does without, and has no public name: it is used where
// it is there and gives what the public function gives, and the public function elsewhere.
import zlib from "node:zlib";
import type { Decompress } from "./interface.ts";

/** What a zlib stream of Node's works with, since its first releases. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  reset(): void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputBytes: number,
    into: Uint8Array,
    intoAt: number,
    intoBytes: number,
  ): void;
}

/** zlib's streams, decompressed by Node; `fast` makes what is used where it agrees with the public function. */
export function nodeInflate(fast: () => Decompress | null = byHandle): Decompress {
  let chosen: Decompress | null = null;
  return (input, into) => {
    if (chosen !== null) return chosen(input, into);
    const length = inflateOnce(input, into);
    chosen = agreeing(fast(), input, into.subarray(0, length)) ?? inflateOnce;
    return length;
  };
}

function inflateOnce(input: Uint8Array, into: Uint8Array): number {
  const bytes = zlib.inflateSync(input, { maxOutputLength: into.length });
  into.set(bytes);
  return bytes.length;
}

/** The decompressor, if it makes of `input` what it should. */
function agreeing(inflate: Decompress | null, input: Uint8Array, wanted: Uint8Array): Decompress | null {
  if (inflate === null) return null;
  const into = new Uint8Array(wanted.length);
  try {
    return inflate(input, into) === wanted.length && into.every((byte, i) => byte === wanted[i])
      ? inflate
      : null;
  } catch {
    return null;
  }
}

function byHandle(): Decompress | null {
  const { _handle: handle, _writeState: left } = zlib.createInflate() as unknown as {
    readonly _handle?: Handle;
    /** Bytes of the output and of the input that were left. */
    readonly _writeState?: Uint32Array;
  };
  if (typeof handle?.writeSync !== "function" || typeof handle.reset !== "function" || left === undefined)
    return null;
  let room = new Uint8Array(0);
  let failed = "";
  handle.onerror = (message) => {
    failed = message;
  };
  return (input, into) => {
    // A byte more tells what just fits from what goes on.
    if (room.length !== into.length + 1) room = new Uint8Array(into.length + 1);
    failed = "";
    handle.reset();
    handle.writeSync(zlib.constants.Z_FINISH, input, 0, input.length, room, 0, room.length);
    const length = room.length - (left[0] as number);
    if (failed !== "" || length > into.length) throw new Error(failed || "larger than its room");
    into.set(room.subarray(0, length));
    return length;
  };
}
