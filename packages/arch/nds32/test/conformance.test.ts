import { describeArch } from "@ptekit/conformance-kit/vitest";
import { nds32 } from "@ptekit/nds32";
import { expect, it } from "vitest";

describeArch(nds32, { vectors: new URL("../vectors/", import.meta.url) });

it("a release without nds32 is refused by name", () => {
  expect(() => nds32.for({ release: "6.12" })).toThrow("nds32 was removed in 5.18; 6.12 has none");
});
