import { describeArch } from "@ptekit/conformance-kit/vitest";
import { ia64 } from "@ptekit/ia64";
import { expect, it } from "vitest";

describeArch(ia64, { vectors: new URL("../vectors/", import.meta.url) });

it("a release without ia64 is refused by name", () => {
  expect(() => ia64.for({ release: "6.12" })).toThrow("ia64 was removed in 6.7; 6.12 has none");
});
