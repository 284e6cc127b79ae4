import { arm } from "@ptekit/arm";
import { describeArch } from "@ptekit/conformance-kit/vitest";

describeArch(arm, {
  vectors: new URL("../vectors/", import.meta.url),
  live: new URL("../live/", import.meta.url),
});
