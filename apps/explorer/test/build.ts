import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds the page from the sources of every package, once for a run. */
export default function build(): void {
  const sources = ["--import", "tsx", "--conditions=@ptekit/source"];
  execFileSync(process.execPath, [...sources, "build.ts"], {
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    stdio: "inherit",
  });
}
