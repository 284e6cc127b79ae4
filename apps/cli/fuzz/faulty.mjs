// A command that does each thing that none should, to see that the judge tells it.
import { writeFileSync } from "node:fs";

const faults = {
  stack: () => {
    throw new Error("boom");
  },
  status: () => process.exit(13),
  raw: () => console.log("\u001b[2J"),
  silent: () => process.exit(2),
  draft: () => writeFileSync("x.tmp", ""),
  fine: () => console.log("fine"),
};
faults[process.argv[2]]();
