import { hex, meaningOf, printableJson, shortHex } from "@ptekit/core";
import type { Dump } from "@ptekit/dump";
import { blobSource, openDump, portableDecompressors } from "@ptekit/dump";
import type { Kernel } from "@ptekit/introspect";
import { openKernel, scannerOf } from "@ptekit/introspect";
import { dumpJson, dumpLines, keysOf, memoryOf } from "../../../cli/src/scan/describe.ts";
import { processJson } from "../../../cli/src/scan/lines.ts";
import { toldJson, toldOf } from "../../../cli/src/scan/told.ts";
import { wayJson, wayTo } from "../../../cli/src/scan/way.ts";
import type { Done, Tasks } from "./protocol.ts";

/** The kernel in a dump, then its processes one by one, each with what is suspicious in it. */
export async function* readDump(files: readonly File[]): AsyncGenerator<Tasks["file"]["one"]> {
  const { dump, kernel } = await opened(files);
  const scanner = await scannerOf(kernel, dump.memory);
  yield {
    kernel: dumpLines(dump, kernel, scanner.limits),
    json: printableJson({ dump: dumpJson(dump, kernel, scanner.limits) }),
    keys: keysOf(kernel),
  };
  for (const process of kernel.processes()) {
    const scan = scanner.scan(process);
    const told = await toldOf(kernel, memoryOf(dump), scan);
    yield {
      scan: { ...scan, suspicious: [] },
      told: told.map((one) => toldJson(kernel, one)),
      json: printableJson(await processJson(dump, kernel, scan)),
    };
  }
}

async function opened(files: readonly File[]): Promise<{ readonly dump: Dump; readonly kernel: Kernel }> {
  const sources = files.map((file) => blobSource(file, file.name));
  const dump = openDump(sources, { decompressors: await portableDecompressors() });
  return { dump, kernel: await openKernel(dump) };
}

/** From a process of a dump to the entry of an address, every level decoded. */
export async function* readWay({ files, pid, address }: Tasks["way"]["asks"]): Done<"way"> {
  const { dump, kernel } = await opened(files);
  const way = wayTo(dump, kernel, pid, BigInt(address));
  const { backend, target } = kernel;
  const physical = way.physical === null ? "" : `: physical address ${shortHex(way.physical)}`;
  return {
    sentence: `${way.sentence}${physical}`,
    kernel: {
      arch: kernel.arch.name,
      release: target.release,
      cpu: [target.cpu ?? []].flat(),
      config: typeof target.config === "object" ? target.config : {},
    },
    address,
    steps: way.path.map(({ level, folded, at, entry, kind, decoded }) => ({
      level,
      at: shortHex(at),
      entry: hex(entry, backend.layout.pteBits),
      says: `${kind === "table" ? "leads to the next table" : decoded === null ? kind : meaningOf(backend, decoded)}${folded.length > 0 ? ` (and ${folded.join(", ")})` : ""}`,
    })),
    json: printableJson(wayJson(kernel, pid, way)),
  };
}
