import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds the command from the sources of every package, once for a run: its tests start it as a process. */
export default function build(): void {
  const sources = ["--import", "tsx", "--conditions=@ptekit/source"];
  execFileSync(process.execPath, [...sources, "build.ts"], {
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    stdio: "inherit",
  });
}
