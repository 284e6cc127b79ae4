// `npm run check-packages`: publint and are-the-types-wrong on every tarball, as it would be published.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Manifest } from "../common/workspaces.ts";
import { published } from "../common/workspaces.ts";
import { pack } from "./pack.ts";

const ATTW = "@arethetypeswrong/cli@0.18.5";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-packages-"));
try {
  const packed = pack(home);
  // Fetched here, not a dependency: it brings a TypeScript of its own, and only this command needs it.
  npm(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home, ATTW]);
  for (const { manifest } of published()) {
    const tarball = path.join(home, packed.get(manifest.name)?.filename ?? "");
    const findings = [...(await lint(tarball, manifest)), ...typesWrong(tarball, manifest)];
    console.log(`${findings.length === 0 ? "ok  " : "FAIL"} ${manifest.name}`);
    for (const finding of findings) console.log(`     ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  }
} finally {
  fs.rmSync(home, { recursive: true, force: true });
}

async function lint(tarball: string, manifest: Manifest): Promise<string[]> {
  const { buffer } = new Uint8Array(fs.readFileSync(tarball));
  const { messages } = await publint({ pkgDir: "package", pack: { tarball: buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, manifest)}`);
}

/** Packages are ES modules alone: require() loads them on every Node they support (20.19 and later). */
function typesWrong(tarball: string, manifest: Manifest): string[] {
  if (!manifest.exports?.["."]) return [];
  const cli = path.join(home, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const args = [cli, tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return status === 0 ? [] : `${stdout}${stderr}`.split("\n");
}

function npm(args: string[]): void {
  const { status, stderr } = spawnSync("npm", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
