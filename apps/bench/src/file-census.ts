import { decodeFile } from "@ptekit/bulk/node";
import { x86_64 } from "@ptekit/x86_64";

// A census of the file named on the command line, by one thread, which is what is held against cat, or by more.

const [file = "", workers = "1"] = process.argv.slice(2);
const backend = x86_64.for({ release: "6.12" });
const { total, kinds } = await decodeFile(file, { backend, workers: Number(workers) });
console.log(`${total} PTEs, ${kinds.swap} swap`);
