import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";

/** What of playwright-core is used. */
interface Chromium {
  launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser>;
}

interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Page {
  on(event: "console", listener: (message: { text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a page prints that imports a folder's packages by an import map alone. */
export async function printsInChromium(folder: string, program: string): Promise<string> {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) =>
    fs.existsSync(file),
  );
  if (!executablePath) throw new Error("chromium is missing. On Debian:\n  apt-get install chromium");
  const server = serve(folder, page(folder, program));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Installed where it is used, by a test that needs it: playwright-core's types are not here.
  const { chromium }: { chromium: Chromium } = createRequire(path.join(folder, "package.json"))(
    "playwright-core",
  );
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const tab = await browser.newPage();
    const printed = new Promise<string>((resolve, reject) => {
      tab.on("console", (message) => resolve(message.text()));
      tab.on("pageerror", reject);
    });
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await printed;
  } finally {
    await browser.close();
    server.close();
  }
}

function page(folder: string, program: string): string {
  const scope = "node_modules/@ptekit";
  const imports = Object.fromEntries(
    fs.readdirSync(path.join(folder, scope)).map((name) => {
      const manifest = fs.readFileSync(path.join(folder, scope, name, "package.json"), "utf8");
      return [
        `@ptekit/${name}`,
        `/${path.posix.join(scope, name, JSON.parse(manifest).exports["."].default)}`,
      ];
    }),
  );
  return `<!doctype html><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">${program}</script>`;
}

function serve(folder: string, html: string): http.Server {
  return http.createServer((request, response) => {
    const file = path.join(folder, path.normalize(request.url ?? "/"));
    if (request.url === "/") response.setHeader("content-type", "text/html").end(html);
    else if (!fs.existsSync(file)) response.writeHead(404).end();
    else response.setHeader("content-type", "text/javascript").end(fs.readFileSync(file));
  });
}
