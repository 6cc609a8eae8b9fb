/** So many bytes a report has at most; GitHub takes comments of 65,536 characters. */
export const REPORT_BYTES = 60_000;

/** How much of a report is told. */
export interface ReportOptions {
  /** Whether it is told as a whole, however long, such as in the file that is kept. @default false */
  readonly isWhole?: boolean;
}

/** As many lines as fit in so many bytes; the last one says how many do not, and where they are. */
export function linesWithin(lines: readonly string[], bytesMax: number): readonly string[] {
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > bytesMax - ENDING_BYTES && bytes + restBytes(lines, index + 1) > bytesMax) {
      const left = lines.length - index;
      return [
        ...lines.slice(0, index),
        `(${left} lines more: all of it is in review.md and review.json, in the artifact review-whole or the folder of --out)`,
      ];
    }
  }
  return lines;
}

/** What the line that tells of the rest takes. */
const ENDING_BYTES = 160;

function restBytes(lines: readonly string[], from: number): number {
  return lines.slice(from).reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0);
}
