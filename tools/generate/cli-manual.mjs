import { manual } from "../../apps/cli/src/docs.ts";

/** docs/cli.md, from the data that --help prints. */
export async function cliManual() {
  return [["docs/cli.md", await manual()]];
}
