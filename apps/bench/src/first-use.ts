import { compile } from "@ptekit/bulk";
import { x86_64 } from "@ptekit/x86_64";

// Prints the milliseconds that the first compile(backend) of a process takes, and its CPU time.

const backend = x86_64.for({ release: "6.12" });
const cpu = process.cpuUsage();
const start = performance.now();
const decoder = await compile(backend);
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
// The decoder works: this is not the time of a promise.
decoder.decode(new BigUint64Array(16));
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000 }));
