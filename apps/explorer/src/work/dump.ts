import { printableJson } from "@ptekit/core";
import { blobSource, openDump, portableDecompressors } from "@ptekit/dump";
import { openKernel, scannerOf } from "@ptekit/introspect";
import { dumpJson, dumpLines, memoryOf } from "../../../cli/src/scan/describe.ts";
import { processJson } from "../../../cli/src/scan/lines.ts";
import { toldJson, toldOf } from "../../../cli/src/scan/told.ts";
import type { Tasks } from "./protocol.ts";

/** The kernel in a dump, then its processes one by one, each with what is suspicious in it. */
export async function* readDump(files: readonly File[]): AsyncGenerator<Tasks["file"]["one"]> {
  const sources = files.map((file) => blobSource(file, file.name));
  const dump = openDump(sources, { decompressors: await portableDecompressors() });
  const kernel = await openKernel(dump);
  const scanner = await scannerOf(kernel, dump.memory);
  yield {
    kernel: dumpLines(dump, kernel, scanner.limits),
    json: printableJson({ dump: dumpJson(dump, kernel, scanner.limits) }),
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
