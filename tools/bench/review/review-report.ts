import type { WriteTable } from '../services/services-report.ts';
import type { MeasuredReview } from './measure-review.ts';

const HEAD = ['REVIEW', 'RESOURCES', 'SECONDS', 'OVER BARE'];

/** The table of a review, for people or for a document. */
export function reviewReport(measured: MeasuredReview, write: WriteTable): string {
  const { stack, resources, firstSeconds, seconds, bareSeconds } = measured;
  const row = (name: string, took: number): readonly string[] => [
    name,
    String(resources),
    took.toFixed(1),
    (took / bareSeconds).toFixed(2),
  ];
  return write(
    HEAD,
    [
      row(`${stack}, of a base that is kept`, seconds),
      row(`${stack}, of one that is new`, firstSeconds),
      row('as many ConfigMaps, pulumi up unchanged', bareSeconds),
    ],
    [0],
  );
}
