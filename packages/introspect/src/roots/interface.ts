/** Top tables that were found by what they look like. */
export interface FoundRoots {
  /** Physical addresses of those that have entries of user space: one for each process, and some that ended a moment ago. */
  readonly roots: readonly bigint[];
  /** The tables right below them; none where those were not gone through. */
  readonly below: ReadonlySet<bigint>;
  /** One with the kernel's half alone; null where the kernel has a root of its own, or none was found. */
  readonly kernel: bigint | null;
}

/** Looks for top tables while memory passes by, piece by piece. */
export interface RootFinder {
  /** `bytes` begin at `address`; those from `own` on belong to the next piece. */
  visit(address: bigint, bytes: Uint8Array, own: number): void;
  found(): FoundRoots;
}
