#!/usr/bin/env node
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { arm } from "@ptekit/arm";
import { arm64 } from "@ptekit/arm64";
import type { ArchBackend } from "@ptekit/core";
import { x86_64 } from "@ptekit/x86_64";
import { startServers } from "./servers.js";
import type { Row, Task } from "./workloads.js";
import { measure, SIZES } from "./workloads.js";

const { values } = parseArgs({
  options: { json: { type: "string" }, rounds: { type: "string", default: "9" }, only: { type: "string" } },
});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bench-"));
const rows: Row[] = [];
try {
  const [small, , large] = Object.keys(SIZES) as [string, string, string];
  for (const backend of [x86_64, arm64, arm].map((arch) => arch.for({ release: "6.12" }))) {
    const servers = startServers(backend, folder, (sentence) => console.log(`skipped: ${sentence}`));
    for (const task of tasksOf(backend, small, large)) {
      if (values.only && !`${task.backend.arch} ${task.work} ${task.data} ${task.size}`.includes(values.only))
        continue;
      const measured = await measure(task, servers, folder, Number(values.rounds));
      rows.push(...measured);
      for (const row of measured) {
        const ratios = Object.entries(row.ratioTo).map(([name, value]) => `${value.toFixed(2)} ${name}`);
        console.log(
          `${row.arch} ${row.workload} ${row.data} ${row.size} | ${row.impl}: ${row.nsPerPte.toFixed(3)} ns  ${ratios.join(" · ")}`,
        );
      }
    }
    for (const server of servers) server.stop();
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify({ rows }, null, 1)}\n`);

function tasksOf(backend: ArchBackend, small: string, large: string): Task[] {
  const [, block = ""] = Object.keys(SIZES);
  return [
    { work: "columns", backend, data: "pages", size: large, all: false },
    { work: "columns", backend, data: "pages", size: block, all: false },
    { work: "columns", backend, data: "pages", size: small, all: true },
    { work: "columns", backend, data: "random", size: large, all: false },
    { work: "columns", backend, data: "random", size: small, all: false },
    { work: "columns", backend, data: "swap", size: small, all: false },
    { work: "census", backend, data: "pages", size: large, all: false },
    { work: "census", backend, data: "pages", size: small, all: false },
    { work: "census", backend, data: "swap", size: large, all: false },
    { work: "encode", backend, data: "swap", size: large, all: false },
    { work: "encode", backend, data: "swap", size: small, all: false },
  ];
}
