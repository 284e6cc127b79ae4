import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * What a program costs that contains this line, as a bundler ships it: text, and bytes after minify and gzip.
 *
 * @param line such as `export * from "@ptekit/core"`
 * @param external packages that are counted by themselves
 */
export async function bundled(
  line: string,
  external: readonly string[] = [],
): Promise<{ text: string; bytes: number }> {
  const { outputFiles } = await build({
    stdin: { contents: line, resolveDir: "." },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@ptekit/source"],
    minify: true,
    external: [...external],
  });
  const { text = "" } = outputFiles[0] ?? {};
  return { text, bytes: gzipSync(text, { level: 9 }).length };
}
