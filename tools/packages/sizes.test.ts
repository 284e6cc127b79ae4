import { expect, it } from "vitest";
import { measured, recorded } from "./sizes.ts";

// A table in whole kilobytes need not follow every change; zlib differs by some bytes between releases, too.
const TOLERANCE = 0.15;

it("what docs/sizes.json records is what the packages are: npm run sizes, where it is not", {
  timeout: 60_000,
}, async () => {
  const [now, then] = [await measured(), recorded()];
  const flat = ({ packages, architectures, program }: typeof now): [string, number][] =>
    Object.entries({ ...packages, ...architectures, program });
  expect(flat(then).map(([name]) => name)).toEqual(flat(now).map(([name]) => name));
  const old = new Map(flat(then));
  const off = flat(now).filter(([name, bytes]) => Math.abs(bytes / (old.get(name) ?? 0) - 1) > TOLERANCE);
  expect(off.map(([name, bytes]) => `${name}: ${old.get(name)} is recorded, ${bytes} measured`)).toEqual([]);
});
