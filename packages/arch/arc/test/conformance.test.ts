import { arc } from "@ptekit/arc";
import { describeArch } from "@ptekit/conformance-kit/vitest";

describeArch(arc, { vectors: new URL("../vectors/", import.meta.url) });
