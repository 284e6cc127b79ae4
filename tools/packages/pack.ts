import { execFileSync } from "node:child_process";
import { published } from "../common/workspaces.ts";

/** What `npm pack` says of one tarball. */
export interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What `npm pack` puts into each package's tarball, written to a folder if one is given: name → report. */
export function pack(destination?: string): Map<string, Packed> {
  const where = destination === undefined ? ["--dry-run"] : ["--pack-destination", destination];
  const names = published().map(({ manifest }) => `--workspace=${manifest.name}`);
  const options = ["pack", "--json", "--ignore-scripts", ...names, ...where];
  const text = execFileSync("npm", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const reports: Packed[] = Object.values(JSON.parse(text));
  return new Map(reports.map((report) => [report.name, report]));
}
