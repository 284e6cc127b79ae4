export type { ArchData, Architecture, Conditional, ConfigSymbol, CpuFeature, Flavour } from "./arch.js";
export { defineArch } from "./arch.js";
export type {
  ArchBackend,
  Assumption,
  BackendParts,
  EncodeOptions,
  KernelFacts,
  PfnOptions,
  SwapEntry,
} from "./backend.js";
export { createBackend } from "./backend.js";
export { checkArch, checkLayout, isAboutCitation } from "./check.js";
export type { FlagName, SwpFlags } from "./codec.js";
export { FLAG_NAMES, matches } from "./codec.js";
export type { ConfigObject, ConfigValue } from "./config.js";
export { parseConfigText, parseConfigValue } from "./config.js";
export type { Access, Decoded, Kind } from "./decode.js";
export { KINDS } from "./decode.js";
export type { RulerRow } from "./diagram.js";
export { diagram, legend, presentRulerRows, ruler, rulerRows, rulerWithWords } from "./diagram.js";
export type { PtekitErrorCode } from "./errors.js";
export { PtekitError } from "./errors.js";
export type { Field, FieldKind, Layout, LayoutException, PmdLayout, Predicate, Term } from "./layout.js";
export {
  bitsText,
  decodeOnly,
  differs,
  dropped,
  either,
  emptyPte,
  encodeOnly,
  equals,
  exclusive,
  hardware,
  hex,
  inverted,
  longBitsOf,
  maskOf,
  ones,
  onlyWith,
  otherwise,
  pmdLayoutOf,
  pteBytesOf,
  rowAt,
  rowsOf,
  setPteKeeps,
  setPteSets,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  widthOf,
  zeros,
} from "./layout.js";
export type { Capacity } from "./limits.js";
export { capacityOf } from "./limits.js";
export type { PageAccess, PresentField, PresentKind, PresentLayout, UserPage } from "./present.js";
export { free, mmu, PAGE_ACCESSES, pfn, presentSoftDirty, presentUffdWp, software } from "./present.js";
export type { PresentPage } from "./present-codec.js";
export { accessOf, changePresent, encodePresent, hasPresentUffdWp } from "./present-codec.js";
export type { BitPrice, BitSource, Price, TypePrice } from "./price.js";
export { freePresentBits, priceOf } from "./price.js";
export type { Backport, Release } from "./release.js";
export { atLeast, compareNumbers, NEWEST_RELEASE, newestFirst, parseRelease } from "./release.js";
export type { FileHead, Target } from "./select.js";
export { select, targetOfHead, targetOfLayout, targetsAt } from "./select.js";
export type { BitClaim } from "./spare.js";
export { bitClaims, claimSentence, freeBits } from "./spare.js";
export type { SpecialPteOptions } from "./special.js";
export type {
  MarkerBit,
  MarkerName,
  PfnKind,
  SpecialType,
  SpecialTypeName,
  SwapTypes,
} from "./swap-types.js";
export { MAX_SWAPFILES_SHIFT, swapTypes, typeMeaning, typeNumber } from "./swap-types.js";
export type { BitRequest, BitUse, Gain, SpareBits, Taking } from "./what-if.js";
export { reserveBit, withLayout } from "./what-if.js";
