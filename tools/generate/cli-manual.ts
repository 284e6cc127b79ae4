import { manual } from "../../apps/cli/src/docs.ts";
import type { Output } from "./outputs.ts";

/** docs/cli.md, from the data that --help prints. */
export async function cliManual(): Promise<Output[]> {
  return [["docs/cli.md", await manual()]];
}
