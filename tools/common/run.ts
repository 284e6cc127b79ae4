// Other programs, run to their end.
import type { SpawnSyncOptions } from "node:child_process";
import { spawnSync } from "node:child_process";

/** What a command printed. Throws a sentence with the end of its error output when it fails. */
export function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  return ran(command, args, options).toString("utf8");
}

/** The bytes that a command printed; as run() otherwise. */
export function ran(command: string, args: readonly string[], options: SpawnSyncOptions = {}): Buffer {
  // Node takes the encoding for that of a text put in, too.
  const { input } = options;
  const given = typeof input === "string" ? { input: Buffer.from(input) } : {};
  const result = spawnSync(command, args, { maxBuffer: 1 << 28, ...options, ...given, encoding: "buffer" });
  if (result.error) throw new Error(`${command} did not start: ${result.error.message}`);
  if (result.status !== 0) {
    const how = result.signal ? `was ended by ${result.signal}` : `exited with ${result.status}`;
    const tail = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(`${command} ${args.slice(0, 8).join(" ")} ${how}:\n${tail}`);
  }
  return result.stdout;
}
