/** docs/cli.md, from the data that --help prints. */
export async function cliManual() {
  const { default: docs } = await import("../../apps/cli/dist/docs.cjs");
  return [["docs/cli.md", await docs.manual()]];
}
