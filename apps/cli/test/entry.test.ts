import { expect, it, vi } from "vitest";
import { ptekit } from "./run.ts";

// Each test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

it("an entry that no PTE of the kernel decodes to is not answered for what is left of it", () => {
  const ran = ptekit(["entry", "--arch", "x86_64", "--kernel", "6.8", "40000000000001"]);
  expect(ran.status).toBe(1);
  expect(ran.out).toContain("offset needs 55 bits, the field has 50");
  expect(ran.out).not.toContain("swap area 0");
});

it("SWP_TYPE_SHIFT is the kernel's, before 3.5 too", () => {
  expect(ptekit(["entry", "--kernel", "3.4.2", "0800000000000001"]).out).toContain(
    "type 1 (a swap area), offset 0x1",
  );
  expect(ptekit(["entry", "--kernel", "3.4.4", "0200000000000001"]).out).toContain(
    "type 1 (a swap area), offset 0x1",
  );
  expect(ptekit(["entry", "--kernel", "4.18.0-147.el8.x86_64", "0400000000000001"]).out).toContain(
    "type 1 (a swap area)",
  );
});

it("the answer that an assumption hides is shown beside it", () => {
  const { out } = ptekit(["decode", "--arch", "x86_64", "--kernel", "4.9.0-6-amd64", "0x1fffffffffdb9600"]);
  expect(out).toMatch(
    /^assumed: without the backport l1tf \(not given\); otherwise swap: type 3 .*offset 0x1234/m,
  );
});
