import { arm64 } from "@ptekit/arm64";
import { describeArch } from "@ptekit/conformance-kit/vitest";

describeArch(arm64, {
  vectors: new URL("../vectors/", import.meta.url),
  live: new URL("../live/", import.meta.url),
});
