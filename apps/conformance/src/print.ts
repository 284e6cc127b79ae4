import { mismatchText } from "@ptekit/conformance-kit";
import { printable } from "@ptekit/core";
import pc from "picocolors";
import type { FileResult, PropertiesResult, Result } from "./judge.ts";
import { totalsOf } from "./totals.ts";

/** The matrix, what failed, and the sums, as people read them. */
export function resultText(result: Result): string {
  const { properties, files } = result;
  return [
    ...section("Properties, by layout and configuration", properties.map(propertiesRow)),
    ...section("Exceptions: where a kernel breaks a property, exactly there", exceptionLines(properties)),
    ...section("Files, by architecture, release and configuration", files.map(fileRow)),
    ...section("What is not confirmed", [...unconfirmedLines(files), ...aloneLines(result)]),
    ...section("Failures", failureLines(result)),
    ...sums(result),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [pc.bold(title), ...lines.map((line) => `  ${safe(line)}`), ""];
}

// The colours of `mark`, and no other escape: what a module throws may hold anything.
const OWN = new RegExp(`(${String.fromCharCode(27)}\\[(?:31|32|33|39)m)`);

const safe = (line: string): string =>
  line
    .split(OWN)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join("");

const mark = (failed: number): string => (failed === 0 ? pc.green("ok  ") : pc.red("FAIL"));

function propertiesRow({ arch, subject, reports }: PropertiesResult): string {
  const failed = reports.reduce((all, report) => all + report.failed, 0);
  const cases = reports.reduce((all, report) => all + report.cases, 0);
  const label = subject.startsWith(arch) ? subject : `${arch} ${subject}`;
  return `${mark(failed)} ${label.padEnd(52)} ${count(reports.length, "property", "properties")}, ${count(cases, "case")}`;
}

function exceptionLines(properties: readonly PropertiesResult[]): string[] {
  return properties.flatMap(({ subject, reports }) =>
    reports.flatMap(({ property, exceptions }) =>
      exceptions.map(
        ({ reason, occurred }) => `${subject}: "${property}" fails on ${count(occurred, "case")}: ${reason}`,
      ),
    ),
  );
}

function fileRow({ kind, file, arch, report, noBackend }: FileResult): string {
  if (noBackend !== null) return `${pc.yellow("none")} ${file}: ${noBackend}`;
  if (!report) return `${pc.yellow("skip")} ${file}: ${arch} is not the architecture asked for`;
  const counts = [...Object.entries(report.rows), ...Object.entries(report.confirmed)];
  const rows = counts.map(([list, rows]) => `${list} ${rows}`);
  const head = `${arch} ${report.release} ${report.variant}`;
  return `${mark(report.failed)} ${kind.padEnd(7)} ${head.padEnd(36)} ${report.layout.padEnd(18)} ${rows.join(", ")}`;
}

function unconfirmedLines(files: readonly FileResult[]): string[] {
  return files.flatMap(({ file, report }) =>
    Object.entries(report?.unconfirmed ?? {}).map(
      ([reason, rows]) => `${file}: ${reason} (${count(rows, "row")})`,
    ),
  );
}

/** Architectures that nothing but the properties holds. */
function aloneLines({ properties, files }: Result): string[] {
  const held = new Set(files.flatMap(({ report }) => (report === null ? [] : [report.arch])));
  const judged = new Set(properties.map(({ arch }) => arch));
  return [...judged]
    .filter((arch) => !held.has(arch))
    .map((arch) => `${arch}: no file is of this architecture; only the properties hold it`);
}

function failureLines({ properties, files }: Result): string[] {
  const broken = properties.flatMap(({ subject, reports }) =>
    reports.flatMap(({ property, failures, failed }) =>
      failed === 0
        ? []
        : [`${subject}: "${property}" fails ${failed} times`, ...failures.map((line) => `  ${line}`)],
    ),
  );
  const mismatches = files.flatMap(({ report }) => report?.mismatches ?? []);
  return [...broken, ...mismatches.flatMap((mismatch) => mismatchText(mismatch).split("\n"))];
}

function sums(result: Result): string[] {
  const { checked, failed, noBackend, rows, properties } = totalsOf(result);
  const inFiles = Object.values(rows).reduce((a, b) => a + b, 0);
  const inProperties = Object.values(properties).reduce((a, b) => a + b, 0);
  const lines = [
    `${count(inFiles, "row")} of ${count(result.files.length, "file")}, ${count(inProperties, "case")} of ${count(Object.keys(properties).length, "property", "properties")}`,
  ];
  if (noBackend > 0) lines.push(`${count(noBackend, "file")} without a backend`);
  lines.push(`${checked} checked, ${failed} failed`);
  return lines;
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
