import { decodeFile } from "@ptekit/bulk/node";
import { x86_64 } from "@ptekit/x86_64";

// A census of the file named on the command line, by one thread: what is held against cat.

const [file = ""] = process.argv.slice(2);
const { total, kinds } = await decodeFile(file, { backend: x86_64.for({ release: "6.12" }), workers: 1 });
console.log(`${total} PTEs, ${kinds.swap} swap`);
