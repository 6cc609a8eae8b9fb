import type { WriteTable } from '../services/services-report.ts';
import type { MeasuredPreview } from './measure-preview.ts';

const HEAD = ['OFFLINE', 'RESOURCES', 'SECONDS', 'OVER BARE', 'MEMORY MIB'];

/** The table of a preview, for people or for a document. */
export function previewReport(measured: MeasuredPreview, write: WriteTable): string {
  const { stack, resources, bareSeconds } = measured;
  const row = (name: string, took: number, memoryMiB?: number): readonly string[] => [
    name,
    String(resources),
    took.toFixed(1),
    (took / bareSeconds).toFixed(2),
    memoryMiB?.toFixed(0) ?? '',
  ];
  return write(
    HEAD,
    [
      row(`preview of ${stack}, from nothing`, measured.seconds, measured.memoryMiB),
      row(`render of ${stack}: cdk8s alone`, measured.renderSeconds, measured.renderMemoryMiB),
      row('as many ConfigMaps, previewed', bareSeconds),
    ],
    [0],
  );
}
