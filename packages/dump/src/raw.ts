// Memory without a header: what `pmemsave`, a snapshot or a RAM file holds.
import { DumpError } from "./errors.js";
import { addressOf, memoryOf, overlay } from "./extents.js";
import { fillFrom } from "./fill.js";
import type { ByteSource, Dump } from "./interface.js";
import { nothingSaid } from "./nothing.js";
import { buffered } from "./source.js";

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
