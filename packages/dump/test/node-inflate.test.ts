import zlib from "node:zlib";
import { expect, test } from "vitest";
import { nodeInflate } from "../src/node-inflate.ts";

const page = Uint8Array.from({ length: 4096 }, (_, i) => (i * i) >> 7);
const zeros = new Uint8Array(4096);

/** What a decompressor makes of it: the bytes, or that it throws. */
function made(
  inflate: ReturnType<typeof nodeInflate>,
  input: Uint8Array,
  room = 4096,
): Uint8Array | "throws" {
  const into = new Uint8Array(room);
  try {
    return into.subarray(0, inflate(input, into));
  } catch {
    return "throws";
  }
}

test("gives page after page what Node's public function gives, and throws where that does", () => {
  const inflate = nodeInflate();
  const good = zlib.deflateSync(page);
  const damaged = Uint8Array.from(good, (byte, i) => (i === 40 ? byte ^ 0x55 : byte));
  const checksum = Uint8Array.from(good, (byte, i) => (i === good.length - 1 ? byte ^ 1 : byte));
  const inputs = [
    good,
    zlib.deflateSync(zeros, { level: 1 }),
    zlib.deflateSync(page, { level: 0 }),
    damaged,
    good,
    checksum,
    good.subarray(0, good.length - 6),
    good.subarray(0, 1),
    new Uint8Array(0),
    zlib.deflateSync(page.subarray(0, 100)),
    Buffer.concat([good, Uint8Array.of(1, 2, 3)]),
    zlib.deflateSync(page, { dictionary: Buffer.from("dictionary") }),
    zlib.deflateRawSync(page),
    good,
  ];
  for (const [i, input] of inputs.entries()) {
    const wanted = (() => {
      try {
        return new Uint8Array(zlib.inflateSync(input));
      } catch {
        return "throws";
      }
    })();
    expect(made(inflate, input), `input ${i}`).toEqual(wanted);
  }
});

test("throws for what is larger than its room, and reads the next one all the same", () => {
  const inflate = nodeInflate();
  expect(made(inflate, zlib.deflateSync(page))).toEqual(page);
  expect(made(inflate, zlib.deflateSync(page), 4095)).toBe("throws");
  expect(made(inflate, zlib.deflateSync(page))).toEqual(page);
});

test("where Node has no such handle, or it gives something else, its public function is taken", () => {
  for (const other of [
    () => null,
    () => () => 4096,
    () => () => {
      throw new Error("no");
    },
  ]) {
    const inflate = nodeInflate(other);
    expect(made(inflate, zlib.deflateSync(page))).toEqual(page);
    expect(made(inflate, zlib.deflateSync(zeros))).toEqual(zeros);
    expect(made(inflate, zlib.deflateSync(page).subarray(0, 20))).toBe("throws");
  }
});
