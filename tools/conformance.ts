// `npm run conformance`: the app from the sources of every package, bundled for it and its worker threads.
import { spawnSync } from "node:child_process";
import bundle, { BIN } from "../apps/conformance/bundle.ts";

await bundle();
const { status } = spawnSync(process.execPath, [BIN, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
