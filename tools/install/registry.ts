import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const VERDACCIO = "6.8.0";

export interface Registry {
  readonly url: string;
  /** What an .npmrc says to use it. */
  readonly npmrc: string;
  stop(): void;
}

/** A package registry on loopback: ours from what is published to it, others from the registry npm is set to. */
export async function startRegistry(home: string): Promise<Registry> {
  const tool = path.join(home, "verdaccio");
  writeJson(path.join(tool, "package.json"), {
    private: true,
    dependencies: { verdaccio: VERDACCIO },
    // Its audit plugin asks for a dist-tag that not every mirror has.
    overrides: { "node-fetch": "2.7.0" },
  });
  execFileSync("npm", ["install", "--no-audit", "--ignore-scripts"], { cwd: tool, stdio: "pipe" });

  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const upstream = execFileSync("npm", ["config", "get", "registry"], { cwd: tool, encoding: "utf8" }).trim();
  fs.writeFileSync(path.join(tool, "config.yaml"), config(upstream));
  const server = spawn(
    process.execPath,
    ["node_modules/verdaccio/bin/verdaccio", "--config", "config.yaml", "--listen", `127.0.0.1:${port}`],
    { cwd: tool, stdio: ["ignore", "ignore", "inherit"] },
  );
  await answers(url);
  return {
    url,
    npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=loopback\n`,
    stop: () => server.kill(),
  };
}

function config(upstream: string): string {
  return `storage: ./storage
uplinks:
  upstream:
    url: ${upstream}
packages:
  "@ptekit/*":
    access: $all
    publish: $all
  ptekit:
    access: $all
    publish: $all
  "**":
    access: $all
    proxy: upstream
log: { type: stdout, level: warn }
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      await fetch(`${url}-/ping`);
      return;
    } catch {
      await sleep(200);
    }
  }
  throw new Error(`the registry does not answer on ${url}`);
}

function writeJson(file: string, value: unknown): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(value, null, 2));
}
