import type { WriteTable } from '../services/services-report.ts';
import type { DeployedResources, MeasuredDeployment } from './measure-deploy.ts';

const HEAD = ['PULUMI UP', 'RESOURCES', 'SECONDS', 'RESOURCES A SECOND', 'OVER BARE'];

/** The table of deployments, for people or for a document. */
export function deployReport(
  { stack, rehearsed, bare }: MeasuredDeployment,
  write: WriteTable,
): string {
  const rows = (['fromNothing', 'unchanged'] as const).flatMap((step) => [
    row(`${stack}, ${STEPS[step]}, rehearsed`, rehearsed[step], bare[step]),
    row(`as many ConfigMaps, ${STEPS[step]}`, bare[step], bare[step]),
  ]);
  return write(HEAD, rows, [0]);
}

const STEPS = { fromNothing: 'from nothing', unchanged: 'unchanged' } as const;

function row(
  name: string,
  { resources, seconds }: DeployedResources,
  bare: DeployedResources,
): readonly string[] {
  const ratio = seconds / resources / (bare.seconds / bare.resources);
  return [
    name,
    String(resources),
    seconds.toFixed(1),
    (resources / seconds).toFixed(0),
    ratio.toFixed(2),
  ];
}
