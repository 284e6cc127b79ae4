/** Something to be timed: does the work `times` times and returns the nanoseconds of CPU time it took. */
export interface Contender {
  readonly name: string;
  /** Times the work is done in one round; the slow ones do less. */
  readonly times: number;
  run(times: number): Promise<number>;
}

/** What the rounds gave for one contender. */
export interface Timing {
  readonly name: string;
  /** Nanoseconds per repetition, round by round. */
  readonly rounds: readonly number[];
}

/** Every contender once a round, in turn forwards and backwards, so that what slows the machine slows all alike. */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  // Once for nothing: code gets compiled, caches and pages get filled.
  for (const contender of contenders) await contender.run(1);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const { name, times: repeats, run } of order) times.get(name)?.push((await run(repeats)) / repeats);
  }
  return [...times].map(([name, list]) => ({ name, rounds: list }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The median of the ratios of each round. */
export const ratio = (ours: Timing, theirs: Timing): number =>
  median(ours.rounds.map((time, round) => time / (theirs.rounds[round] ?? Number.NaN)));

/** The distance between the quartiles, as a share of the median. */
export function spread({ rounds }: Timing): number {
  const sorted = [...rounds].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return (at(0.75) - at(0.25)) / median(rounds);
}

/** Nanoseconds of CPU time of this process, all its threads together. */
export function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
