// Other programs, run to their end.
import { spawnSync } from "node:child_process";

/** What a command printed. Throws a sentence with the end of its error output when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.error) throw new Error(`${command} did not start: ${result.error.message}`);
  if (result.status !== 0) {
    const how = result.signal ? `was ended by ${result.signal}` : `exited with ${result.status}`;
    const tail = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(`${command} ${args.slice(0, 8).join(" ")} ${how}:\n${tail}`);
  }
  return result.stdout;
}
