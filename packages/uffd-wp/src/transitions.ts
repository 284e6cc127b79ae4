import { deepFreeze } from "@ptekit/core";
import type { Transition } from "./transition.ts";
import { fault } from "./transitions/fault.ts";
import { fill, moves } from "./transitions/fill.ts";
import { forking } from "./transitions/fork.ts";
import { guard, scanning } from "./transitions/guard.ts";
import { privately } from "./transitions/private.ts";
import { protect } from "./transitions/protect.ts";
import { reclaim } from "./transitions/reclaim.ts";
import { register } from "./transitions/register.ts";
import { remap, sealing } from "./transitions/remap.ts";
import { readWriteProtection } from "./transitions/rwp.ts";
import { zapping } from "./transitions/zap.ts";

/** Every row, in the order in which they are tried: of the rows for an event, the first that fits is taken. */
export const transitions: readonly Transition[] = deepFreeze([
  ...sealing,
  ...readWriteProtection,
  ...privately,
  ...register,
  ...protect,
  ...fault,
  ...reclaim,
  ...zapping,
  ...forking,
  ...remap,
  ...fill,
  ...moves,
  ...guard,
  ...scanning,
]);
