import { describeArch } from "@ptekit/conformance-kit/vitest";
import { microblaze } from "@ptekit/microblaze";

describeArch(microblaze, { vectors: new URL("../vectors/", import.meta.url) });
