import { explain } from "@ptekit/explain";
import type { Done, Tasks } from "./protocol.ts";

/** The reports of a log as they are found, then the verdict of the whole of it. */
export const readLog = ({ source, options }: Tasks["log"]["asks"]): Done<"log"> =>
  explain(typeof source === "string" ? source : source.stream(), options);
