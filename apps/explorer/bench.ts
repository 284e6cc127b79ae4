// `npm run bench:page`: docs/page.json, what the page costs and how fast it answers, in a real browser.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import budgets from "./budgets.json" with { type: "json" };
import type { Opened } from "./test/browser.ts";
import { open } from "./test/browser.ts";
import { siteBytes, visit } from "./test/measure.ts";

/** How much slower than this machine the reader's is taken to be. */
const THROTTLE = 4;
const ROUNDS = 9;

const PLACE = fileURLToPath(new URL("../../docs/page.json", import.meta.url));

interface Result {
  readonly browser: string;
  readonly throttle: number;
  readonly visits: readonly {
    name: string;
    bytes: number;
    requests: number;
    shift: number;
    firstPaint: number;
  }[];
  readonly site: Readonly<Record<string, number>>;
  readonly redraw: { median: number; slowest: number };
  readonly longLog: { reports: number; verdict: number; block: number };
  readonly dump?: Dump;
}

/** Dumps that are named on the command line are measured alone: the times of before stay. */
const dumps = process.argv.slice(2);
const before: Result = JSON.parse(fs.readFileSync(PLACE, "utf8"));
const opened = await open();
const visits: Result["visits"][number][] = [];
for (const { name, link } of budgets.visits) {
  const { bytes, requests, shift } = await visit(opened, link);
  const painted =
    dumps.length === 0
      ? await firstPaint(opened, link)
      : (before.visits.find((one) => one.name === name)?.firstPaint ?? 0);
  visits.push({ name, bytes, requests: requests.length, shift, firstPaint: painted });
}
const result: Result = {
  browser: opened.browser.version(),
  throttle: THROTTLE,
  visits,
  site: siteBytes(),
  redraw: dumps.length === 0 ? await redraw(opened) : before.redraw,
  longLog: dumps.length === 0 ? await longLog(opened) : before.longLog,
  ...(dumps.length > 0
    ? { dump: await largeDump(opened, dumps) }
    : before.dump === undefined
      ? {}
      : { dump: before.dump }),
};
await opened.close();
fs.writeFileSync(PLACE, `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
process.exit();

/** Milliseconds until something is painted, of a first visit: the median. */
async function firstPaint({ browser, url }: Opened, link: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
    await page.goto(url + link, { waitUntil: "networkidle" });
    times.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0),
    );
    await context.close();
  }
  return middle(times);
}

/** Milliseconds from a key to the drawn answer, layout included: the median and the slowest of a hundred words. */
async function redraw({ browser, url }: Opened): Promise<{ median: number; slowest: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}#/v1/x86_64/6.12/0xfffffffffffffc00`, { waitUntil: "networkidle" });
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
  const times = await page.evaluate(() => {
    const box = document.querySelector("textarea") as HTMLTextAreaElement;
    return Array.from({ length: 100 }, (_, i) => {
      const word = (0xbffffffffe8d1e00n ^ (BigInt(i) << 20n)).toString(16);
      const begin = performance.now();
      box.value = word;
      box.dispatchEvent(new Event("input"));
      document.body.getBoundingClientRect();
      return performance.now() - begin;
    });
  });
  await context.close();
  return { median: middle(times), slowest: round(Math.max(...times)) };
}

/**
 * A log of 1,600 reports, pasted: milliseconds until the verdict, and the longest time in which the page answered to
 * nothing, at this machine's own speed.
 */
async function longLog({
  browser,
  url,
}: Opened): Promise<{ reports: number; verdict: number; block: number }> {
  const reports = 1600;
  const text = Array.from(
    { length: reports },
    (_, i) =>
      `BUG: Bad page map in process worker${i}  pte:${(0x400000000000000n + (BigInt(i) << 12n)).toString(16)} pmd:104a2b067\nCPU: 3 PID: ${i} Comm: worker${i} Not tainted 6.1.0-50-amd64 #1\nRIP: 0010:zap_pte_range+0x1\n`,
  ).join("");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const kept = window as unknown as { longest: number };
    kept.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
    }).observe({ type: "longtask" });
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const begin = performance.now();
  await page.evaluate((log) => {
    const box = document.querySelector("textarea") as HTMLTextAreaElement;
    box.value = log;
    box.dispatchEvent(new Event("input"));
  }, text);
  await page.getByText(`of ${reports} reports: `).waitFor({ timeout: 120_000 });
  const verdict = performance.now() - begin;
  await page.waitForTimeout(500);
  const block = await page.evaluate(() => (window as unknown as { longest: number }).longest);
  await context.close();
  return { reports, verdict: round(verdict), block: round(block) };
}

interface Dump {
  readonly says: string;
  readonly memory: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly peakMiB: number;
}

/**
 * A large dump, read where it lies, at this machine's own speed: the seconds until all its tables are told, and how much
 * memory the browser's process of the page took more than before.
 */
async function largeDump({ browser, url }: Opened, files: readonly string[]): Promise<Dump> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "networkidle" });
  const before = await mostMemory(browser);
  const begin = performance.now();
  await page.locator("#file").setInputFiles([...files]);
  const head = page.locator("#sentence");
  await head.filter({ hasText: /: \d+ processes/ }).waitFor({ timeout: 1_800_000 });
  const seconds = (performance.now() - begin) / 1000;
  const said = (await head.textContent()) ?? "";
  const memory =
    /([\d.]+ [KMGT]iB) of memory/.exec((await page.locator(".answer").textContent()) ?? "")?.[1] ?? "";
  const after = await mostMemory(browser);
  await context.close();
  return {
    says: said,
    memory,
    bytes: files.reduce((sum, file) => sum + fs.statSync(file).size, 0),
    seconds: round(seconds),
    peakMiB: Math.round((after - before) / 2 ** 20),
  };
}

/** The most memory that a process of pages has had, in bytes, as Linux counts it. */
async function mostMemory(browser: Opened["browser"]): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const [, kB = "0"] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
      return Number(kB) * 1024;
    });
  return Math.max(...sizes);
}

function middle(times: readonly number[]): number {
  return round([...times].sort((a, b) => a - b)[times.length >> 1] ?? 0);
}

function round(time: number): number {
  return Math.round(time * 10) / 10;
}
