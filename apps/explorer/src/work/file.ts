import { fileForm } from "@ptekit/dump";
import { readLog } from "./log.ts";
import type { Done, Tasks } from "./protocol.ts";

/** What a file says: a dump's processes, or a log's reports. It is read where it lies, and never whole. */
export async function* readFile({ files, options }: Tasks["file"]["asks"]): Done<"file"> {
  const [file] = files;
  if (file === undefined) throw new Error("there is no file");
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const form = isGzip(head) ? null : fileForm(head);
  if (form?.kind === "dump") {
    const { readDump } = await import("./dump.ts");
    yield* readDump(files);
    return null;
  }
  if (form?.kind === "other" || form?.kind === "pagemap") throw new Error(`${file.name} is ${form.is}`);
  const found = readLog({ source: file, options });
  for (;;) {
    const { done, value } = await found.next();
    if (done) return value;
    yield { report: value };
  }
}

const HEAD = 1 << 16;

/** A log may be packed so: it is unpacked as it is read. */
const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
