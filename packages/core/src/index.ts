export { capacityOf } from "./ask/capacity.ts";
export type { Change } from "./ask/changes.ts";
export { changes, placeOf } from "./ask/changes.ts";
export { bitClaims, claimSentence, freeBits } from "./ask/claims.ts";
export type { Features, FlagPlaces } from "./ask/features.ts";
export { featuresOf } from "./ask/features.ts";
export { freePresentBits } from "./ask/free-present.ts";
export type { Move } from "./ask/history.ts";
export { historyOf, newCitations } from "./ask/history.ts";
export type { BitPrice, BitSource, Price, TypePrice } from "./ask/price.ts";
export { HEADER_PAGE_COSTS, priceOf } from "./ask/price.ts";
export { reserveBit } from "./ask/reserve.ts";
export { bytesText, sizeText } from "./ask/sizes.ts";
export { withLayout } from "./ask/spare-bits.ts";
export type { BackendJson, CapacityJson, PresentSpareJson, SpareJson } from "./ask/spare-json.ts";
export { backendJson, capacityJson, presentSpareJson, spareJson } from "./ask/spare-json.ts";
export type { TakenBit } from "./ask/take.ts";
export { takeBit } from "./ask/take.ts";
export type { Widening } from "./ask/widening.ts";
export { wideningOf } from "./ask/widening.ts";
export { createBackend } from "./backend.ts";
export { FLAG_NAMES } from "./codec/codec.ts";
export {
  accessOf,
  changePresent,
  encodePresent,
  hasPresentUffdWp,
  isPfnInverted,
  presentFlags,
  presentNameOf,
  presentPfn,
} from "./codec/present.ts";
export type { Cells, EntryKind, LevelCodec } from "./codec/tables.ts";
export { tablesOf } from "./codec/tables.ts";
export type { ArchData, Conditional, ConfigSymbol, CpuFeature, Flavour, Unselected } from "./data/arch.ts";
export { isUnfinished } from "./data/arch.ts";
export type { Backport, Begin } from "./data/backport.ts";
export { backportOf, firstReleaseOf } from "./data/backport.ts";
export { bitsText, hex, maskOf, runsText, shortHex, widthOf } from "./data/bits.ts";
export { checkArch, checkLayout } from "./data/check.ts";
export { isAboutCitation } from "./data/check-parts.ts";
export type {
  Citation,
  CitedCommit,
  CitedConfig,
  CitedFile,
  CitedManual,
  CitedMessage,
  CitedPatch,
  CitedSource,
} from "./data/citation.ts";
export { parseCitation } from "./data/citation.ts";
export type { AddressRange, ArchClues, Clue, Instruction, KnownBug } from "./data/clues.ts";
export type { ErrorMeaning } from "./data/error-codes.ts";
export { ERROR_CODES } from "./data/error-codes.ts";
export type {
  AddressField,
  Geometry,
  Level,
  LevelName,
  Root,
  SettledGeometry,
  UpperEntry,
} from "./data/geometry.ts";
export {
  addressBitsOf,
  bits,
  LEVEL_NAMES,
  levels,
  namesOf,
  READ_FROM_HEADERS,
  rootInRegister,
} from "./data/geometry.ts";
export type {
  EntryLevel,
  HugePage,
  HugetlbLayout,
  Layout,
  LayoutException,
  PmdLayout,
} from "./data/layout.ts";
export {
  ENTRY_LEVELS,
  emptyPte,
  levelLayoutOf,
  longBitsOf,
  losesWhatItWrites,
  pteBytesOf,
  rowAt,
  rowsOf,
} from "./data/layout.ts";
export type { LeafLayout, LeafLevel } from "./data/leaf.ts";
export type { Predicate, Term } from "./data/predicate.ts";
export { differs, either, equals, matches } from "./data/predicate.ts";
export { predicateText } from "./data/predicate-text.ts";
export type {
  MaybeFree,
  PageAccess,
  PresentField,
  PresentKind,
  PresentLayout,
  PresentReads,
  PteModify,
  UserPage,
} from "./data/present.ts";
export {
  free,
  isKept,
  mmu,
  PAGE_ACCESSES,
  pfn,
  pfnAbove,
  presentSoftDirty,
  presentUffdWp,
  sharedWithProtNone,
  software,
  softwareBits,
} from "./data/present.ts";
export type { Release } from "./data/release.ts";
export {
  atLeast,
  compareNumbers,
  mainlineReleases,
  NEWEST_RELEASE,
  newestFirst,
  parseRelease,
} from "./data/release.ts";
export type { Field, FieldKind } from "./data/row.ts";
export {
  decodeOnly,
  dropped,
  encodeOnly,
  exclusive,
  hardware,
  inverted,
  ones,
  onlyWith,
  otherwise,
  setPteKeeps,
  setPteSets,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "./data/row.ts";
export type {
  MarkerBit,
  MarkerName,
  PfnKind,
  SpecialType,
  SpecialTypeName,
  SwapTypes,
} from "./data/swap-types.ts";
export { MAX_SWAPFILES_SHIFT, swapTypes, typeMeaning, typeNumber } from "./data/swap-types.ts";
export { swpTypeShiftOf } from "./data/swp-entry.ts";
export type { VmcoreData, VmcoreRule } from "./data/vmcore.ts";
export { defineArch } from "./define-arch.ts";
export type { RulerRow } from "./draw/diagram.ts";
export { diagram, legend, presentRulerRows, ruler, rulerRows, rulerWithWords } from "./draw/diagram.ts";
export { layoutSvg } from "./draw/svg.ts";
export type { PtekitErrorCode, PtekitErrorDetails } from "./errors.ts";
export { PtekitError } from "./errors.ts";
export type { ArchBackend, Architecture } from "./interface/backend.ts";
export type {
  Access,
  AnyDecoded,
  Assumed,
  Decoded,
  DecodedAs,
  DecodedDeviceExclusive,
  DecodedDevicePrivate,
  DecodedEntry,
  DecodedFields,
  DecodedFrame,
  DecodedHwpoison,
  DecodedMarker,
  DecodedMigration,
  DecodedNone,
  DecodedPresent,
  DecodedSwap,
  DecodedSwapinError,
  DecodedUnassigned,
  DecodedWord,
  Kind,
} from "./interface/decoded.ts";
export type {
  EncodeOptions,
  FlagName,
  PfnOptions,
  SpecialPteOptions,
  SwapEntry,
  SwpFlags,
} from "./interface/entry.ts";
export type { Assumption, BackendParts, KernelFacts } from "./interface/kernel.ts";
export type { PresentPage } from "./interface/page.ts";
export type {
  BitClaim,
  BitRequest,
  BitUse,
  Capacity,
  Gain,
  SpareBits,
  Taking,
} from "./interface/spare-bits.ts";
export type { ConfigObject, ConfigValue, FileHead, Target } from "./interface/target.ts";
export type {
  EnteredTable,
  EntriesOptions,
  EntryBlock,
  EntryRun,
  FoundRoot,
  KnownPage,
  ReadMemory,
  SearchableMemory,
  StepKind,
  TableProblem,
  TreeOptions,
  Walk,
  WalkEnd,
  WalkStep,
} from "./interface/walk.ts";
export { entries } from "./read/entries.ts";
export type { EntryOf } from "./read/entry-of.ts";
export { entryOf } from "./read/entry-of.ts";
export { findRoot } from "./read/find-root.ts";
export type { GenericEntry } from "./read/generic-entry.ts";
export { genericEntry, genericMeaning } from "./read/generic-entry.ts";
export type { AskHalves, HalvesReader } from "./read/halves-reader.ts";
export { halvesReader } from "./read/halves-reader.ts";
export type { Json } from "./read/json.ts";
export { toJson } from "./read/json.ts";
export { jsonText } from "./read/json-text.ts";
export { mapsKernel } from "./read/maps-kernel.ts";
export { meaningOf } from "./read/meaning.ts";
export { KINDS } from "./read/meanings.ts";
export type { PagemapEntry } from "./read/pagemap.ts";
export { decodePagemap, pagemapMeaning } from "./read/pagemap.ts";
export { walk } from "./read/walk.ts";
export type { WordReading, WrittenWord } from "./read/word-in.ts";
export { wordIn } from "./read/word-in.ts";
export { parseConfigText, parseConfigValue } from "./target/config.ts";
export type { ConfigKernel } from "./target/config-kernel.ts";
export { kernelOfConfig } from "./target/config-kernel.ts";
export { select } from "./target/select.ts";
export { targetOfHead, targetOfLayout, targetsAt } from "./target/targets.ts";
export { turningPoints } from "./target/turning-points.ts";
export { trustedArch } from "./trusted-arch.ts";
export { deepFreeze } from "./util/freeze.ts";
export { didYouMean } from "./util/nearest.ts";
export { printable, printableJson, withoutSequences } from "./util/printable.ts";
