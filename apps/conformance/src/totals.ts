import type { Result } from "./judge.ts";

/** The sums of a run. */
export interface Totals {
  /** Rows of files and cases of properties. */
  readonly checked: number;
  readonly failed: number;
  /** Files of an architecture, release or configuration without a backend. */
  readonly noBackend: number;
  /** Rows checked in files, by list. */
  readonly rows: Readonly<Record<string, number>>;
  /** Cases of each property. */
  readonly properties: Readonly<Record<string, number>>;
}

export function totalsOf({ properties, files }: Result): Totals {
  const reports = files.flatMap((result) => result.report ?? []);
  const found = properties.flatMap((result) => result.reports);
  const rows = sum(reports.flatMap((report) => Object.entries(report.rows)));
  const cases = sum(found.map((report) => [report.property, report.cases]));
  const total = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  const failed = [...reports, ...found].reduce((all, report) => all + report.failed, 0);
  return {
    checked: total(rows) + total(cases),
    failed,
    noBackend: files.filter((result) => result.noBackend !== null).length,
    rows,
    properties: cases,
  };
}

function sum(counts: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, count] of counts) all[key] = (all[key] ?? 0) + count;
  return all;
}

/** What --json writes. */
export function jsonOf(result: Result): object {
  const { files, properties } = result;
  return {
    ...totalsOf(result),
    files: files.map(({ kind, file, arch, report, leftOut, noBackend }) => ({
      kind,
      file,
      arch,
      backend: noBackend === null,
      noBackend,
      leftOut,
      ...(report && {
        release: report.release,
        variant: report.variant,
        layout: report.layout,
        rows: report.rows,
        confirmed: report.confirmed,
        failed: report.failed,
        mismatches: report.mismatches.map(({ list, row, expected, got }) => ({ list, row, expected, got })),
        unconfirmed: report.unconfirmed,
      }),
    })),
    subjects: properties.map(({ arch, subject, reports }) => ({
      arch,
      subject,
      properties: reports.map(({ property, cases, failed, failures, exceptions }) => ({
        property,
        cases,
        failed,
        failures,
        exceptions,
      })),
    })),
  };
}
