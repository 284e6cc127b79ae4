import { describeArch } from "@ptekit/conformance-kit/vitest";
import { hexagon } from "@ptekit/hexagon";

describeArch(hexagon, { vectors: new URL("../vectors/", import.meta.url) });
