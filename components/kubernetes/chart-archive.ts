import type { ForeignChart, KubernetesPart, Step } from './manifest.ts';
import { chartReference } from './chart-reference.ts';

/** Where `npm run pins` keeps the archives of other people's charts, from the program's root. */
export const CHARTS_FOLDER = 'stacks/charts';

/**
 * The file that keeps a chart's archive.
 *
 * @param reference as `chartReference` gives it: `https://charts.example/keda:2.21.0`
 * @returns `stacks/charts/keda-2.21.0.tgz`
 */
export function archiveFile(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1).replace(':', '-');
  return `${CHARTS_FOLDER}/${name}.tgz`;
}

/** The same part with charts that are installed from the archives that are kept, as far as their digests are recorded. */
export function withArchives<Part extends KubernetesPart>(
  part: Part,
  pins: Readonly<Record<string, string>>,
): Part {
  return { ...part, steps: part.steps.map((step) => stepWithArchives(step, pins)) };
}

function stepWithArchives(step: Step, pins: Readonly<Record<string, string>>): Step {
  if (step.charts === undefined) return step;
  const kept = (chart: ForeignChart): ForeignChart => {
    const reference = chartReference(chart);
    const digest = pins[reference];
    return digest === undefined
      ? chart
      : { ...chart, archive: { file: archiveFile(reference), digest } };
  };
  return { ...step, charts: step.charts.map(kept) };
}
