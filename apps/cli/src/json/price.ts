import type { Price } from "@ptekit/core";
import { capacityJson, shortHex } from "@ptekit/core";

/** What each way to make a special PTE costs on a layout. */
export function priceJson({ capacity, byBit, bySwapType, headerPage, ...head }: Price): object {
  const { cost, pte, ...bit } = byBit;
  return {
    ...head,
    capacity: capacityJson(capacity),
    byBit: {
      ...bit,
      pte: pte === null ? null : shortHex(pte),
      cost: cost && { from: cost.from, before: capacityJson(cost.before), after: capacityJson(cost.after) },
    },
    bySwapType: { ...bySwapType, pte: bySwapType.pte === null ? null : shortHex(bySwapType.pte) },
    headerPage: shortHex(headerPage),
  };
}
