import { describeArch } from "@ptekit/conformance-kit/vitest";
import { x86_64 } from "@ptekit/x86_64";

describeArch(x86_64, {
  vectors: new URL("../vectors/", import.meta.url),
  live: new URL("../live/", import.meta.url),
});
