import { PtekitError } from "@ptekit/core";

/** What a log can be read from: text, bytes, or pieces of either as they come. */
export type Source =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | ReadableStream<Uint8Array>;

/** A line longer than this is cut: no kernel prints one, and nothing here may wait for its end. */
export const LONGEST_LINE: number = 1 << 16;

const NEWLINE = 10;

/**
 * The text of a source in pieces that end with a line, or where a line is longer than {@link LONGEST_LINE}. UTF-16 is
 * known by its byte order mark or by its zeros, gzip is unpacked.
 *
 * @throws PtekitError `BAD_FILE` for what is packed otherwise: xz, zstd, bzip2, lz4.
 */
export async function* texts(source: Source): AsyncGenerator<string> {
  if (typeof source === "string") {
    yield* pieces(source);
    return;
  }
  const parts = partsOf(source)[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done) return;
  const rest: AsyncIterable<string | Uint8Array> = {
    async *[Symbol.asyncIterator]() {
      yield first.value;
      for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value;
    },
  };
  try {
    if (typeof first.value === "string") yield* wholeLines(rest);
    else yield* decoded(rest, first.value);
  } finally {
    await parts.return?.(undefined);
  }
}

async function* partsOf(source: Exclude<Source, string>): AsyncGenerator<string | Uint8Array> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += 1 << 16) yield source.subarray(at, at + (1 << 16));
  } else if (Symbol.asyncIterator in source) yield* source as AsyncIterable<string | Uint8Array>;
  else if (Symbol.iterator in source) yield* source;
  else {
    // Safari's streams cannot be iterated.
    const reader = (source as ReadableStream<Uint8Array>).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  }
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + LONGEST_LINE);
    if (end < text.length) {
      const newline = text.lastIndexOf("\n", end - 1);
      if (newline >= at) end = newline + 1;
    }
    yield text.slice(at, end);
    at = end;
  }
}

async function* wholeLines(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of parts) {
    const text = rest + String(part);
    const end = text.lastIndexOf("\n") + 1;
    if (end === 0 && text.length < LONGEST_LINE) {
      rest = text;
      continue;
    }
    const cut = end === 0 ? text.length : end;
    yield* pieces(text.slice(0, cut));
    rest = text.slice(cut);
  }
  if (rest !== "") yield* pieces(rest);
}

async function* decoded(
  parts: AsyncIterable<string | Uint8Array>,
  first: Uint8Array,
): AsyncGenerator<string> {
  const packed = packingOf(first);
  if (packed === "gzip") {
    const unpacked = partsOf(gunzipped(parts));
    const { value } = await unpacked.next();
    if (value instanceof Uint8Array) yield* decoded(again(value, unpacked), value);
    return;
  }
  if (packed !== null) {
    throw new PtekitError(
      "BAD_FILE",
      `the log is packed: ${packed.name}; unpack it first, as with ${packed.by}`,
    );
  }
  const encoding = encodingOf(first);
  if (encoding === "utf-8") yield* utf8Lines(parts);
  else {
    const decoder = new TextDecoder(encoding);
    yield* wholeLines({
      async *[Symbol.asyncIterator]() {
        for await (const part of parts) yield decoder.decode(part as Uint8Array, { stream: true });
        yield decoder.decode();
      },
    });
  }
}

/** Cut at the last line end of each part: decoding whole lines is several times as fast as decoding a stream. */
async function* utf8Lines(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = new Uint8Array();
  for await (const part of parts) {
    const bytes = part as Uint8Array;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = joined(rest, bytes);
      if (rest.length < LONGEST_LINE) continue;
      yield* pieces(decoder.decode(rest));
      rest = new Uint8Array();
      continue;
    }
    const head = rest.length === 0 ? bytes.subarray(0, end) : joined(rest, bytes.subarray(0, end));
    rest = bytes.slice(end);
    yield* pieces(decoder.decode(head));
  }
  if (rest.length > 0) yield* pieces(decoder.decode(rest));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

async function* again(
  first: Uint8Array,
  rest: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield first;
  yield* rest;
}

function gunzipped(parts: AsyncIterable<string | Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
  });
  return bytes.pipeThrough(new DecompressionStream("gzip"));
}

interface Packing {
  readonly name: string;
  readonly magic: readonly number[];
  /** What unpacks it to standard output. */
  readonly by: string;
}

const PACKINGS: readonly Packing[] = [
  { name: "xz", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], by: "xz -dc FILE" },
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], by: "zstd -dc FILE" },
  { name: "bzip2", magic: [0x42, 0x5a, 0x68], by: "bzip2 -dc FILE" },
  { name: "lz4", magic: [4, 0x22, 0x4d, 0x18], by: "lz4 -dc FILE" },
];

function packingOf(bytes: Uint8Array): "gzip" | Packing | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  return PACKINGS.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte)) ?? null;
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  // Latin letters in UTF-16 have a zero in every other byte.
  const head = bytes.subarray(0, 1024);
  const zeros = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 3 && even < head.length / 20) return "utf-16le";
  if (even > head.length / 3 && odd < head.length / 20) return "utf-16be";
  return "utf-8";
}
