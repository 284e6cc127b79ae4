// A scan of a dump is over in a second. V8 compiles in that time what would pay in a minute, on other threads: a third of
// the CPU time of a whole scan (docs/performance.md).

/** Of V8 11, that of Node 20: later ones have a compiler in between (Maglev), which is left alone. */
const FLAGS = ["--interrupt-budget=300000", "--max-inlined-bytecode-size-cumulative=200"];

/** Has V8 compile only what runs long, where it is the V8 that this was measured with. */
export function forShortRun(): void {
  if (!process.versions.v8?.startsWith("11.")) return;
  const v8: typeof import("node:v8") | undefined = process.getBuiltinModule("node:v8");
  for (const flag of FLAGS) v8?.setFlagsFromString(flag);
}
