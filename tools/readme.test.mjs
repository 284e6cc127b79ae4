import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { expect, it } from "vitest";

it("README.md: the first program prints what its comments say", () => {
  const program = /```js\n(.*?)```/s.exec(fs.readFileSync("README.md", "utf8"))[1];
  const promised = [...program.matchAll(/console\.log\(.*?\); \/\/ (.*)/g)].map((found) => found[1]);
  const printed = execFileSync(
    process.execPath,
    ["--import", "tsx", "--conditions=@ptekit/source", "--input-type=module"],
    {
      input: program,
      encoding: "utf8",
      cwd: "apps/conformance",
    },
  );
  expect(promised.length).toBeGreaterThan(2);
  expect(printed.trimEnd().split("\n")).toEqual(promised);
});

it("README.md: the two commands are scripts of package.json", () => {
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  const commands = [...fs.readFileSync("README.md", "utf8").matchAll(/^npm ci && npm (?:run )?(\w+)$/gm)].map(
    (found) => found[1],
  );
  expect(commands).toEqual(["conformance", "test"]);
  for (const command of commands) expect(scripts).toHaveProperty(command);
});
