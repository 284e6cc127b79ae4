// A real browser on the built page.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { preview } from "vite";

const CANDIDATES = [
  process.env.PTEKIT_CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium of this machine; PTEKIT_CHROMIUM names another. */
export const executable: string | undefined = CANDIDATES.find((file) => file !== "" && fs.existsSync(file));

/** The tests in a browser are left out where there is none, in a line; with PTEKIT_BROWSER=required they fail there. */
export const hasBrowser: boolean = executable !== undefined || process.env.PTEKIT_BROWSER === "required";
if (!hasBrowser)
  console.log("No Chromium here (PTEKIT_CHROMIUM names one): the page is not tried in a browser.");

export const site: string = fileURLToPath(new URL("../dist/", import.meta.url));

/** A browser, and the site on a port of this machine alone. */
export interface Opened {
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}

export async function open(): Promise<Opened> {
  if (executable === undefined) throw new Error("PTEKIT_BROWSER=required, and there is no Chromium");
  const server = await preview({
    root: fileURLToPath(new URL("../", import.meta.url)),
    configFile: false,
    logLevel: "error",
    preview: { host: "localhost", port: 0 },
  });
  const browser = await chromium.launch({
    executablePath: executable,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const url = server.resolvedUrls?.local[0] ?? "";
  return {
    browser,
    url,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** A page that remembers what went wrong in it: exceptions, and what its own policy refused. */
export async function newPage(context: BrowserContext): Promise<{ page: Page; wrong: string[] }> {
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  return { page, wrong };
}
