// Memory without a header: what `pmemsave`, a snapshot or a RAM file holds.
import { DumpError } from "./errors.ts";
import { addressOf, memoryOf, overlay } from "./extents.ts";
import { fillFrom } from "./fill.ts";
import type { ByteSource, Dump } from "./interface.ts";
import { nothingSaid } from "./nothing.ts";
import { buffered } from "./source.ts";

export function openRaw(source: ByteSource, ramBase: bigint, cacheBytes: number): Dump {
  const base = addressOf(ramBase);
  if (base === null)
    throw new DumpError("BAD_ARGUMENT", `ramBase ${ramBase}: no memory begins at such an address`);
  const file = buffered(source, cacheBytes);
  const memory = memoryOf(
    overlay([{ start: base, end: base + source.size }]),
    source.name,
    (_, address, into) => fillFrom(file, address - base, into),
  );
  return { ...nothingSaid, form: "raw", memory };
}
