// Runs one case after the other, so that one which takes all time or memory takes nobody else's.
import { type HostileCase, runCase } from "../../packages/introspect/test/hostile.ts";
import type { Told } from "./main.ts";

process.on("message", async (one: HostileCase) => {
  const before = process.cpuUsage();
  const outcome = await runCase(one);
  const { user, system } = process.cpuUsage(before);
  const result: Told = {
    outcome,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(result);
});
