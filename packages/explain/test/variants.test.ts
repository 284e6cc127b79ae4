import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { answerTo, cases, judge, logOf } from "./judge.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const each =
  (of: (line: string) => string, between = "\n") =>
  (text: string): string =>
    text.split("\n").map(of).join(between);

const html = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** What may still happen to a report on its way. */
const VARIANTS: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  "quoted once more": each((line) => `> ${line}`),
  "in a table": each((line) => `| ${line}`),
  indented: each((line) => `    ${line}`),
  "with the line ends of a serial console": each((line) => line, "\r\r\n"),
  "in colours": each((line) => `\u001b[1;31m${line}\u001b[0m`),
  "in a page": (text) => `<pre>${html(text)}</pre>`,
  "in a page with breaks": (text) => html(text).replaceAll("\n", "<br>\n"),
  "in one message of JSON": (text) => JSON.stringify({ log: text }),
  "in a container's log": each((line) => JSON.stringify({ log: `${line}\n`, stream: "stdout" })),
  "in UTF-16": (text) => Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le")),
  packed: (text) => gzipSync(text),
  "between a greeting and a signature": (text) => `Hi all,\n\nsee below.\n\n${text}\n\n-- \nJohn\n`,
  "behind thousands of other lines": (text) =>
    `${"Nov 27 17:22:34 host9 systemd[1]: Started Session.\n".repeat(3000)}${text}\nend\n`,
};

/** Reports of every kind of wrapping. */
const FILES = ["02", "03", "05", "10", "12", "15", "18", "22", "23", "28", "32", "36"];

describe("a report reads the same", () => {
  const chosen = cases().filter(({ file }) => FILES.some((name) => file.startsWith(`${name}-`)));
  it.each(Object.entries(VARIANTS))("%s", async (_name, variant) => {
    expect(chosen).toHaveLength(FILES.length);
    for (const expected of chosen) {
      const text = new TextDecoder().decode(logOf(expected));
      const problems = judge(expected, await answerTo(variant(text), expected.options));
      expect(problems, expected.file).toEqual([]);
    }
  });
});
