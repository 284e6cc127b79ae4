import type { ArchBackend, Field, FlagName, Predicate, Term } from "@ptekit/core";
import { emptyPte, FLAG_NAMES, KINDS, longBitsOf, maskOf, rowsOf, typeMeaning, widthOf } from "@ptekit/core";

// The comparators in C: what a kernel developer would write for one layout, made from the layout.

/** A C program that runs one of its functions as it is told on standard input; see `main` in it. */
export function cSource(backend: ArchBackend): string {
  const { layout } = backend;
  const word = `uint${layout.pteBits}_t`;
  return `#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ${layout.id}, ${backend.kernel.release} */
typedef ${word} word;
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint8_t u8;
#define ARGS const word *restrict ptes, size_t n, u8 *restrict kind, u8 *restrict type, u64 *restrict offset, u8 *restrict flags

/* The kernel's macros. */
static inline int pte_none(word w) { return ${predicate(layout.none)}; }
static inline int pte_present(word w) { return ${predicate(layout.present)}; }
static inline word swp_type(word w) { return ${reading(backend, "swpType")}; }
static inline word swp_offset(word w) { return ${reading(backend, "swpOffset")}; }
static inline word swp_flags(word w) { return ${flags(backend)}; }
static inline word swp_entry_to_pte(word t, word o, word f) { return ${writing(backend)}; }

/* Column by column with a branch for what is no entry, as a kernel module would. */
void columns_branchy(ARGS)
{
	for (size_t i = 0; i < n; i++) {
		word w = ptes[i];
		u8 k, t = 0, f = 0;
		u64 o = 0;
		if (pte_none(w)) {
			k = ${KINDS.indexOf("none")};
		} else if (pte_present(w)) {
			k = ${KINDS.indexOf("present")};
		} else {
			t = swp_type(w);
			o = swp_offset(w);
			f = swp_flags(w);
			switch (t) {
${cases(backend)}
			default: k = ${KINDS.indexOf("swap")};
			}
		}
		kind[i] = k;
		type[i] = t;
		offset[i] = o;
		flags[i] = f;
	}
}

/* Without a branch, in numbers of the PTE's width: the form of it that gcc vectorises best. */
void columns(ARGS)
{
	for (size_t i = 0; i < n; i++) {
		word w = ptes[i];
		word none = pte_none(w), present = pte_present(w);
		word entry = -(word)(!none & !present);
		word t = swp_type(w) & entry;
		word k = ${ladder(backend)};
		offset[i] = swp_offset(w) & entry;
		flags[i] = swp_flags(w) & entry;
		kind[i] = (k & entry) | (present & ~none);
		type[i] = t;
	}
}

/* The totals of a census; histograms do not vectorise. */
u64 census(const word *restrict ptes, size_t n, u64 *restrict counts)
{
	u64 entries = 0;
	for (size_t i = 0; i < n; i++) {
		word w = ptes[i];
		if (pte_none(w)) {
			counts[1023]++;
		} else if (!pte_present(w)) {
			counts[(swp_type(w) & 127) | swp_flags(w) << 7]++;
			entries++;
		}
	}
	return entries;
}

u64 sum(const word *restrict ptes, size_t n)
{
	word s = 0;
	for (size_t i = 0; i < n; i++)
		s += ptes[i];
	return s;
}

void encode(word *restrict out, size_t n, const u8 *restrict kind, const u8 *restrict type, const u64 *restrict offset, const u8 *restrict flags)
{
	for (size_t i = 0; i < n; i++) {
		word none = -(word)(kind[i] == ${KINDS.indexOf("none")});
		word t = type[i], o = offset[i], f = flags[i];
		out[i] = (swp_entry_to_pte(t, o, f) & ~none) | (${literal(emptyPte(layout))} & none);
	}
}

/* Every word of a range: decoded, encoded again and compared. */
u32 sweep(u32 first, u32 n)
{
	u32 nones = 0, entries = 0, same = 0, check = 0;
	for (u32 i = 0; i < n; i++) {
		word w = first + i;
		word none = pte_none(w), present = pte_present(w);
		word entry = -(word)(!none & !present);
		word t = swp_type(w) & entry, o = swp_offset(w) & entry, f = swp_flags(w) & entry;
		word k = ${ladder(backend)};
		word again = swp_entry_to_pte(t, o, f);
		nones += none;
		entries += entry & 1;
		same += (again == w) & entry;
		check += t + o + f + ((k & entry) | (present & ~none));
	}
	return nones * 3 + entries * 5 + same * 7 + check;
}

static u64 now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static word *ptes, *out;
static u8 *kind, *type, *flags;
static u64 *offset;
static u64 counts[1024];

static u32 check(size_t n)
{
	u32 h = 0;
	for (size_t i = 0; i < n; i++) {
		h = h * 31 + kind[i];
		h = h * 31 + type[i];
		h = h * 31 + flags[i];
		h = h * 31 + (u32)offset[i];
		h = h * 31 + (u32)(offset[i] >> 32);
	}
	return h;
}

static u32 check_words(size_t n)
{
	u32 h = 0;
	for (size_t i = 0; i < n; i++) {
		h = h * 31 + (u32)out[i];
		h = h * 31 + (u32)((u64)out[i] >> 32);
	}
	return h;
}

/* "load FILE N", then "FUNCTION N REPEATS" -> nanoseconds of CPU time, and "check N" or "check-words N" -> a checksum. */
int main(void)
{
	char what[64], path[4096];
	size_t n, times;
	volatile u64 sink;
	while (scanf("%63s", what) == 1) {
		if (!strcmp(what, "load")) {
			if (scanf("%4095s %zu", path, &n) != 2) return 1;
			free(ptes), free(out), free(kind), free(type), free(flags), free(offset);
			ptes = aligned_alloc(64, (n * sizeof(word) + 63) & ~63ul);
			out = aligned_alloc(64, (n * sizeof(word) + 63) & ~63ul);
			offset = aligned_alloc(64, (n * 8 + 63) & ~63ul);
			kind = malloc(n), type = malloc(n), flags = malloc(n);
			FILE *f = fopen(path, "rb");
			if (!f || fread(ptes, sizeof(word), n, f) != n) return 1;
			fclose(f);
			memset(out, 1, n * sizeof(word)), memset(offset, 1, n * 8);
			memset(kind, 1, n), memset(type, 1, n), memset(flags, 1, n);
			printf("0 0\\n"), fflush(stdout);
			continue;
		}
		if (scanf("%zu %zu", &n, &times) != 2) return 1;
		u64 result = 0, start = now();
		for (size_t i = 0; i < times; i++) {
			if (!strcmp(what, "columns")) columns(ptes, n, kind, type, offset, flags);
			else if (!strcmp(what, "columns-branchy")) columns_branchy(ptes, n, kind, type, offset, flags);
			else if (!strcmp(what, "census")) { memset(counts, 0, sizeof counts); result = census(ptes, n, counts); }
			else if (!strcmp(what, "sum")) sink = sum(ptes, n);
			else if (!strcmp(what, "copy")) memcpy(out, ptes, n * sizeof(word));
			else if (!strcmp(what, "encode")) encode(out, n, kind, type, offset, flags);
			else if (!strcmp(what, "sweep")) result = sweep(n, times), i = times;
			else if (!strcmp(what, "check")) result = check(n);
			else if (!strcmp(what, "check-words")) result = check_words(n);
			else return 1;
			/* Nothing may be moved out of the loop. */
			__asm__ volatile("" ::: "memory");
		}
		printf("%llu %llu\\n", (unsigned long long)(now() - start), (unsigned long long)result);
		fflush(stdout);
	}
	(void)sink;
	return 0;
}
`;
}

const literal = (value: bigint): string => `0x${value.toString(16)}ull`;

const term = ({ mask, op, value }: Term): string =>
  `(w & (word)${literal(mask)}) ${op} (word)${literal(value)}`;

const predicate = (terms: Predicate): string =>
  (terms as readonly Term[]).map((part) => `(${term(part)})`).join(" | ");

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

function reading(backend: ArchBackend, kind: "swpType" | "swpOffset"): string {
  const { layout, kernel } = backend;
  const bits = kind === "swpOffset" ? kernel.swpTypeShift : longBitsOf(layout) - kernel.swpTypeShift;
  return rowsOf(layout, kind)
    .filter((row) => row.access !== "encode" && row.from < bits)
    .map((row) => {
      const mask = ones(Math.min(widthOf(row), bits - row.from));
      return `(${row.inverted ? "~w" : "w"} >> ${row.low} & (word)${literal(mask)})${row.from > 0 ? ` << ${row.from}` : ""}`;
    })
    .join(" | ");
}

function flags(backend: ArchBackend): string {
  const parts = FLAG_NAMES.flatMap((flag, bit) =>
    rowsOf(backend.layout, flag)
      .filter((row) => row.access !== "encode")
      .map((row) => `(w >> ${row.low} & 1) << ${bit}`),
  );
  return parts.length === 0 ? "0" : parts.join(" | ");
}

function writing({ layout }: ArchBackend): string {
  const value = (row: Field): string | null => {
    if (row.access === "decode") return null;
    const mask = `(word)${literal(ones(widthOf(row)))}`;
    const bit = FLAG_NAMES.indexOf(row.kind as FlagName);
    if (bit >= 0) return `(f >> ${bit} & 1) << ${row.low}`;
    if (row.kind === "ones") return `(word)${literal(maskOf(row))}`;
    const name = row.kind === "swpType" ? "t" : row.kind === "swpOffset" ? "o" : null;
    return name && `((${row.inverted ? `~${name}` : name} >> ${row.from}) & ${mask}) << ${row.low}`;
  };
  return layout.fields.flatMap((row) => value(row) ?? []).join(" | ");
}

const kindOf = (backend: ArchBackend, type: number): number => {
  const meaning = typeMeaning(backend.types, type);
  return KINDS.findIndex((kind) => meaning === kind || meaning.startsWith(`${kind}-`));
};

const typeCount = ({ layout, kernel }: ArchBackend): number =>
  2 ** (longBitsOf(layout) - kernel.swpTypeShift);

function cases(backend: ArchBackend): string {
  return Array.from({ length: typeCount(backend) }, (_, type) => ({ type, kind: kindOf(backend, type) }))
    .filter(({ kind }) => kind !== KINDS.indexOf("swap"))
    .map(({ type, kind }) => `\t\t\tcase ${type}: k = ${kind}; break;`)
    .join("\n");
}

/** The kind by the steps at which it changes: `2 + (t >= 24) * 2 - …`. */
function ladder(backend: ArchBackend): string {
  const widest = rowsOf(backend.layout, "swpType").reduce(
    (bits, row) => Math.max(bits, row.from + widthOf(row)),
    0,
  );
  const count = Math.min(typeCount(backend), 2 ** widest);
  const steps = Array.from({ length: count - 1 }, (_, i) => i + 1).flatMap((type) => {
    const step = kindOf(backend, type) - kindOf(backend, type - 1);
    return step === 0 ? [] : [`(word)(t >= ${type}) * (word)${step}`];
  });
  return [String(kindOf(backend, 0)), ...steps].join(" + ");
}
