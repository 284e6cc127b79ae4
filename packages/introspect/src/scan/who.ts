import { hex } from "../text.ts";

/** Whose tables they are: `process 12 (sh)`, or of a process without a name, its top table. The name is a stranger's bytes. */
export const whoOf = ({
  pid,
  comm,
  root,
}: {
  readonly pid: number | null;
  readonly comm: string | null;
  readonly root: bigint | null;
}): string =>
  pid === null ? `the process of root ${root === null ? "?" : hex(root)}` : `process ${pid} (${comm})`;
