import { describeArch } from "@ptekit/conformance-kit/vitest";
import { loongarch } from "@ptekit/loongarch";

describeArch(loongarch, { vectors: new URL("../vectors/", import.meta.url) });
