/** A seeded source of choices: the same seed, the same case. */
export interface Random {
  /** A whole number below `limit`. */
  below(limit: number): number;
  chance(percent: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** The generator of Marsaglia's xorshift family that fits 32 bits. */
export function randomOf(seed: number): Random {
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let i = 0; i < 8; i++) next();
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: <T>(from: readonly T[]): T => from[below(from.length)] as T,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
