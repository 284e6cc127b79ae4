import type { PresentLayout } from "@ptekit/core";
import { newestFirst } from "@ptekit/core";
import { presentBook3s32 } from "./present-book3s32.ts";
import { presentBook3s64 } from "./present-book3s64.ts";
import { presentNohash } from "./present-nohash.ts";

/** Newest first. */
export const present: readonly PresentLayout[] = newestFirst([
  ...presentBook3s64,
  ...presentBook3s32,
  ...presentNohash,
]);
