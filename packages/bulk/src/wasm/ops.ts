import type { Code } from "./assemble.ts";
import { signed, unsigned } from "./assemble.ts";

// The instructions that the kernels use; an expression is the code that leaves its value on the stack.

const SIMD = 0xfd;

type Unary = (a: Code) => Code;
type Binary = (a: Code, b: Code) => Code;
type Shift = (a: Code, bits: number) => Code;

const unary =
  (opcode: number): Unary =>
  (a) => [a, opcode];
const binary =
  (opcode: number): Binary =>
  (a, b) => [a, b, opcode];
const simdUnary =
  (opcode: number): Unary =>
  (a) => [a, SIMD, unsigned(opcode)];
const simd =
  (opcode: number): Binary =>
  (a, b) => [a, b, SIMD, unsigned(opcode)];
const simdShift =
  (opcode: number): Shift =>
  (a, bits) =>
    bits === 0 ? a : [a, i32(bits), SIMD, unsigned(opcode)];

export const i32 = (value: number): Code => [0x41, signed(BigInt(value | 0))];
export const add: Binary = binary(0x6a);
export const sub: Binary = binary(0x6b);
export const mul: Binary = binary(0x6c);
export const shl = (a: Code, bits: number): Code => [a, i32(bits), 0x74];
/** The smaller of two numbers without a sign; both are read twice. */
export const smaller: Binary = (a, b) => [a, b, a, b, 0x49, 0x1b];
/** 1 where `a` is at least `b`, as numbers without a sign. */
export const atLeast: Binary = binary(0x4f);
export const popcnt: Unary = unary(0x69);

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];

/** Runs `body` while the condition at its end holds; at least once. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  0x03,
  0x40,
  body,
  condition,
  0x0d,
  0,
  0x0b,
];
/** `then` where the condition holds, `other` where it does not. */
export const either = (condition: Code, then: Code, other: Code): Code => [
  condition,
  0x04,
  0x40,
  then,
  0x05,
  other,
  0x0b,
];
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];

const at = (offset: number): Code => [0, unsigned(offset)];
export const load16 = (address: Code, offset = 0): Code => [address, 0x2f, at(offset)];
export const load32 = (address: Code, offset = 0): Code => [address, 0x28, at(offset)];
export const store32 = (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, at(offset)];
export const load = (address: Code, offset = 0): Code => [address, SIMD, 0, at(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [address, value, SIMD, 11, at(offset)];

/** A vector of 16 bytes. */
export const bytes16 = (bytes: readonly number[]): Code => [SIMD, 12, bytes];
/** Four times the same 32 bits. */
export function splat32(value: number): Code {
  const word = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  return bytes16([...word, ...word, ...word, ...word]);
}
/** Twice the same 64 bits. */
export function splat64(value: bigint): Code {
  const word = [0n, 8n, 16n, 24n, 32n, 40n, 48n, 56n].map((shift) => Number((value >> shift) & 0xffn));
  return bytes16([...word, ...word]);
}
/** Sixteen times the same byte. */
export const splat8 = (value: number): Code => bytes16(new Array<number>(16).fill(value));

/** Bytes of two vectors, by number: 0 to 15 of `a`, 16 to 31 of `b`. */
export const shuffle8 = (a: Code, b: Code, lanes: readonly number[]): Code => [a, b, SIMD, 13, lanes];
/** 32-bit lanes of two vectors: 0 to 3 of `a`, 4 to 7 of `b`. */
export const shuffle32 = (a: Code, b: Code, lanes: readonly number[]): Code =>
  shuffle8(
    a,
    b,
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  );
/** Bytes of `a` and `b` in turn, of the lower and of the upper eight. */
export const interleaveLow8 = (a: Code, b: Code): Code =>
  shuffle8(
    a,
    b,
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [i, i + 16]),
  );
export const interleaveHigh8 = (a: Code, b: Code): Code =>
  shuffle8(
    a,
    b,
    [8, 9, 10, 11, 12, 13, 14, 15].flatMap((i) => [i, i + 16]),
  );
/** Bytes of `table` by the numbers in `index`; 0 where that is above 15. */
export const swizzle: Binary = simd(14);

export const not: Unary = simdUnary(77);
export const and: Binary = simd(78);
/** The same bits of every 32-bit lane. */
export const maskBits = (a: Code, bits: number): Code =>
  bits >>> 0 === 0xffff_ffff ? a : and(a, splat32(bits));
/** `a & ~b` */
export const andNot: Binary = simd(79);
export const or: Binary = simd(80);
export const xor: Binary = simd(81);
/** Bits of `a` where `mask` has ones, of `b` where it has not. */
export const select = (a: Code, b: Code, mask: Code): Code => [a, b, mask, SIMD, 82];
export const anyTrue: Unary = simdUnary(83);

export const eq8: Binary = simd(35);
export const gt8: Binary = simd(39);
export const gt8u: Binary = simd(40);
export const sub8: Binary = simd(113);
export const bitmask8: Unary = simdUnary(100);
/** 16-bit lanes of `a`, then of `b`, saturated to signed or unsigned bytes. */
export const narrow16s: Binary = simd(101);
export const narrow16u: Binary = simd(102);
export const extAdd8u: Unary = simdUnary(125);

export const shl16: Shift = simdShift(139);
export const shr16: Shift = simdShift(141);
/** 32-bit lanes of `a`, then of `b`, saturated to 16 bits. */
export const narrow32s: Binary = simd(133);

export const eq32: Binary = simd(55);
export const shl32x4: Shift = simdShift(171);
export const shr32x4: Shift = simdShift(173);
export const add32x4: Binary = simd(174);
export const sub32x4: Binary = simd(177);
export const extAdd16u: Unary = simdUnary(127);
export const widenLow16: Unary = simdUnary(169);
export const widenHigh16: Unary = simdUnary(170);

export const shl64x2: Shift = simdShift(203);
export const shr64x2: Shift = simdShift(205);
export const widenLow32: Unary = simdUnary(201);
export const widenHigh32: Unary = simdUnary(202);
export const lane32 = (a: Code, lane: number): Code => [a, SIMD, 27, lane];
/** Four lanes, added up to a number. */
export const sumLanes = (a: Code): Code => [0, 1, 2, 3].map((lane) => lane32(a, lane)).reduce(add);
/** A number in each of four lanes. */
export const lanes32: Unary = simdUnary(17);
