import { alpha } from "@ptekit/alpha";
import { describeArch } from "@ptekit/conformance-kit/vitest";

describeArch(alpha, { vectors: new URL("../vectors/", import.meta.url) });
