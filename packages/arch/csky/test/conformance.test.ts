import { describeArch } from "@ptekit/conformance-kit/vitest";
import { csky } from "@ptekit/csky";

describeArch(csky, { vectors: new URL("../vectors/", import.meta.url) });
