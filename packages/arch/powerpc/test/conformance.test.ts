import { describeArch } from "@ptekit/conformance-kit/vitest";
import { powerpc } from "@ptekit/powerpc";

describeArch(powerpc, { vectors: new URL("../vectors/", import.meta.url) });
