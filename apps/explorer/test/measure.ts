// What the page costs: bytes and requests of a first visit, and what moves while it is drawn.
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Opened } from "./browser.ts";
import { site } from "./browser.ts";

/** A first visit: nothing is kept from before, and no service worker brings anything. */
export interface Visit {
  /** Bodies gzipped at level 9, as a web server sends them. */
  readonly bytes: number;
  readonly requests: readonly string[];
  /** Cumulative layout shift, as Chromium counts it. */
  readonly shift: number;
}

/** What a browser fetches for a link until nothing more is asked for. */
export async function visit({ browser, url }: Opened, link: string): Promise<Visit> {
  const context = await browser.newContext({
    serviceWorkers: "block",
    viewport: { width: 1100, height: 900 },
  });
  const page = await context.newPage();
  const bodies = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (response.url().startsWith(url))
      bodies.set(response.url().slice(url.length), response.body().then(zipped));
  });
  await page.addInitScript(() => {
    const counted = window as unknown as { shift: number };
    counted.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) counted.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url + link, { waitUntil: "networkidle" });
  await page.waitForTimeout(300);
  const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
  const sizes = await Promise.all(bodies.values());
  await context.close();
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: [...bodies.keys()], shift };
}

const zipped = (body: Uint8Array): number => gzipSync(body, { level: 9 }).length;

/** What the site is made of: the first row that a file is of has its bytes. */
const PARTS: readonly (readonly [part: string, files: RegExp])[] = [
  ["single", /^explorer\.html$/],
  ["documents", /^arch\//],
  ["matrix", /^matrix\/|^assets\/matrix-/],
  ["lives", /^assets\/(_virtual_lives|x86_64-|arm64-)/],
  ["life", /^life\/|^assets\/(life|_virtual_life)-/],
  ["embed", /^embed\/|^assets\/embed-/],
  ["walk", /^walk\/|^assets\/walk-/],
  ["decompressors", /^assets\/(browser|zstddec)-/],
  ["dump", /^assets\/(dump|open|file)-/],
  ["long", /^worker\.js$|^assets\/(work|words|long|spare-of-all|told)-/],
  ["whatIf", /^what-if\/|^assets\/what-if-/],
  ["checks", /^assets\/checks-/],
  ["layout", /^assets\/(whole|limits|predicate-text)-/],
  ["diff", /^diff\/|^assets\/(diff|changes)-/],
  ["pages", /^sw\.js$|^assets\/(pages|shared|targets)-/],
  ["manual", /^docs\/.*\.html$/],
  ["search", /^docs\/search\.json$|^assets\/(docs|search)-/],
  ["about", /^about\//],
  ["code", /./],
];

/** The gzipped bytes of the built site by what they are. */
export function siteBytes(): Readonly<Record<string, number>> {
  const files = fs
    .readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.relative(site, path.join(file.parentPath, file.name)).replaceAll(path.sep, "/"));
  const partOf = (name: string): string => PARTS.find(([, of]) => of.test(name))?.[0] ?? "";
  const sum = (part: string): number =>
    files
      .filter((name) => partOf(name) === part)
      .reduce((total, name) => total + zipped(fs.readFileSync(path.join(site, name))), 0);
  return Object.fromEntries(PARTS.map(([part]) => [part, sum(part)]));
}
