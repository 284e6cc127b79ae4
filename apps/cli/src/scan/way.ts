// From a process of a dump to the entry of an address.
import type { Walk } from "@ptekit/core";
import { hex, meaningOf, shortHex, walk } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import type { Kernel } from "@ptekit/introspect";
import { NoError } from "../errors.ts";
import { keysOf } from "./describe.ts";

/**
 * The way to an address; PID 0 is the kernel itself.
 *
 * @throws Error where no process has that pid, or its tables are not in the dump.
 */
export function wayTo({ memory }: Dump, kernel: Kernel, pid: number, address: bigint): Walk {
  const read = (at: bigint, into: Uint8Array): string => memory.read(at, into);
  return walk(kernel.backend, rootOf(kernel, pid), address, read, { smeMask: kernel.smeMask });
}

function rootOf(kernel: Kernel, pid: number): bigint {
  if (pid === 0) {
    if (kernel.root === null) throw new NoError("the kernel's own top table was not found in the dump");
    return kernel.root;
  }
  for (const process of kernel.processes()) {
    if (process.pid !== pid && !process.others.includes(pid)) continue;
    if (typeof process.space === "string") throw new NoError(`process ${pid}: ${process.space}`);
    if (process.space.root === null) throw new NoError(`process ${pid}: its top table is not in the dump`);
    return process.space.root;
  }
  throw new NoError(`no process with memory of its own has pid ${pid}`);
}

/** The way, for a script. */
export function wayJson(
  kernel: Kernel,
  pid: number,
  { address, root, path, end, sentence, physical }: Walk,
): Record<string, unknown> {
  const { backend } = kernel;
  const bits = backend.layout.pteBits;
  return {
    ...keysOf(kernel),
    pid,
    address: shortHex(address),
    root: shortHex(root),
    path: path.map(({ level, folded, at, entry, kind, decoded }) => ({
      level,
      folded,
      at: shortHex(at),
      entry: hex(entry, bits),
      kind,
      meaning: decoded === null ? null : meaningOf(backend, decoded),
    })),
    end,
    sentence,
    physical: physical === null ? null : shortHex(physical),
  };
}
