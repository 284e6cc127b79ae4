// npm run cut: a dump of the pages alone that a scan of a dump reads; a valid dump, small enough to go with a test or a report.
import { parseArgs } from "node:util";
import { FAULTS } from "../../packages/introspect/test/faults.ts";
import { messageOf } from "../common/errors.ts";
import { cut } from "./cut.ts";

const usage = `npm run cut -- [--fault KIND] [--seed N] [--ram-base X] DUMP… OUT
Writes OUT, a kdump-compressed file (version 6, zlib) of the pages that a scan of DUMP reads: the kernel's symbols and types,
tasks, areas, page tables, struct pages, swap maps. All other memory is said to be left out. Program text and data are not
among them, but names of processes and what the kernel keeps beside them on the same pages are.
--fault puts a fault into the page tables first, one of:
${Object.keys(FAULTS)
  .map((kind) => `  ${kind}`)
  .join("\n")}`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fault: { type: "string" },
      seed: { type: "string", default: "1" },
      "ram-base": { type: "string" },
      help: { type: "boolean" },
    },
  });
  const out = positionals.at(-1);
  if (values.help || out === undefined || positionals.length < 2) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const base = values["ram-base"];
  const { pages, bytes } = await cut(positionals.slice(0, -1), out, {
    ...(values.fault === undefined ? {} : { fault: values.fault }),
    ...(base === undefined ? {} : { ramBase: BigInt(base) }),
    seed: Number(values.seed),
  });
  console.log(`wrote ${out}: ${pages} pages, ${bytes} bytes`);
}

main().catch((error: unknown) => {
  console.error(`cut: ${messageOf(error)}`);
  process.exitCode = 1;
});
