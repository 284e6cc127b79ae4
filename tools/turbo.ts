// Runs turbo with its telemetry off: neither turbo.json nor package.json can say so, and `NAME=1 command` is not
// portable to every shell npm uses.
import { createRequire } from "node:module";

process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.DO_NOT_TRACK = "1";
createRequire(import.meta.url)("turbo/bin/turbo");
