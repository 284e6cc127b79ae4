import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command. */
export const BIN: string = fileURLToPath(new URL("../dist/ptekit.cjs", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command as a process. */
export function ptekit(
  args: readonly string[],
  input = "",
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, out: stdout, err: stderr };
}

/** The objects that a --json run printed, one a line. */
export function objects(ran: Ran): Record<string, unknown>[] {
  return ran.out
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
}
