export type { Capacity } from "./ask/limits.ts";
export { capacityOf } from "./ask/limits.ts";
export type { BitPrice, BitSource, Price, TypePrice } from "./ask/price.ts";
export { freePresentBits, priceOf } from "./ask/price.ts";
export type { BitClaim } from "./ask/spare.ts";
export { bitClaims, claimSentence, freeBits } from "./ask/spare.ts";
export type { BitRequest, BitUse, Gain, SpareBits, Taking } from "./ask/what-if.ts";
export { reserveBit, withLayout } from "./ask/what-if.ts";
export type {
  ArchBackend,
  Assumption,
  BackendParts,
  EncodeOptions,
  KernelFacts,
  PfnOptions,
  SwapEntry,
} from "./backend.ts";
export { createBackend } from "./backend.ts";
export type { FlagName, SwpFlags } from "./codec/codec.ts";
export { FLAG_NAMES, matches } from "./codec/codec.ts";
export type { PresentPage } from "./codec/present-codec.ts";
export { accessOf, changePresent, encodePresent, hasPresentUffdWp } from "./codec/present-codec.ts";
export type { ArchData, Architecture, Conditional, ConfigSymbol, CpuFeature, Flavour } from "./data/arch.ts";
export { defineArch } from "./data/arch.ts";
export { checkArch, checkLayout, isAboutCitation } from "./data/check.ts";
export type { Field, FieldKind, Layout, LayoutException, PmdLayout, Predicate, Term } from "./data/layout.ts";
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
} from "./data/layout.ts";
export type { PageAccess, PresentField, PresentKind, PresentLayout, UserPage } from "./data/present.ts";
export { free, mmu, PAGE_ACCESSES, pfn, presentSoftDirty, presentUffdWp, software } from "./data/present.ts";
export type { Backport, Release } from "./data/release.ts";
export { atLeast, compareNumbers, NEWEST_RELEASE, newestFirst, parseRelease } from "./data/release.ts";
export type {
  MarkerBit,
  MarkerName,
  PfnKind,
  SpecialType,
  SpecialTypeName,
  SwapTypes,
} from "./data/swap-types.ts";
export { MAX_SWAPFILES_SHIFT, swapTypes, typeMeaning, typeNumber } from "./data/swap-types.ts";
export type { RulerRow } from "./draw/diagram.ts";
export { diagram, legend, presentRulerRows, ruler, rulerRows, rulerWithWords } from "./draw/diagram.ts";
export type { PtekitErrorCode } from "./errors.ts";
export { PtekitError } from "./errors.ts";
export type { Access, Decoded, Kind } from "./read/decode.ts";
export { KINDS } from "./read/decode.ts";
export type { SpecialPteOptions } from "./read/special.ts";
export type { ConfigObject, ConfigValue } from "./target/config.ts";
export { parseConfigText, parseConfigValue } from "./target/config.ts";
export type { FileHead, Target } from "./target/select.ts";
export { select, targetOfHead, targetOfLayout, targetsAt } from "./target/select.ts";
export { didYouMean } from "./util/nearest.ts";
