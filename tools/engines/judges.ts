import path from 'node:path';
import { checkovSteps } from './checkov.ts';
import type { EngineStep } from './engine.ts';
import { goProgramSteps, type GoProgram } from './go-program.ts';
import { motoSteps } from './moto.ts';
import { engineVersions } from './versions.ts';

const { 'cloudwatch-exporter': cloudwatchExporter } = engineVersions;

/** Programs of others that judge what the platform did, or do the same for comparison. */
const programs = {
  // The checker is a library; what it is to judge is a main of our own.
  Porcupine: {
    name: 'stock-judge',
    ...engineVersions['stock-judge'],
    packages: { 'stock-judge': '.' },
    minutes: 1,
  },
  'Transparency logs': {
    name: 'log-judge',
    ...engineVersions['log-judge'],
    packages: { 'log-judge': '.' },
    minutes: 1,
  },
  Tessera: {
    name: 'tessera-log',
    ...engineVersions['tessera-log'],
    packages: { 'tessera-log': '.' },
    minutes: 1,
  },
  'Exporter of CloudWatch': {
    name: 'cloudwatch-exporter',
    ...cloudwatchExporter,
    packages: { yace: `${cloudwatchExporter.module}/cmd/yace` },
    variables: { 'github.com/prometheus/common/version.Version': cloudwatchExporter.version },
    sealed: true,
    minutes: 3,
  },
  // Of the project's own main it has what files and passwords need, and no cloud.
  Registry: {
    name: 'registry',
    ...engineVersions.registry,
    packages: { registry: '.' },
    minutes: 2,
  },
} satisfies Readonly<Record<string, GoProgram>>;

/** Where the exporter of CloudWatch is once it is installed. */
export function cloudwatchExporterCommand(cache: string): string {
  return path.join(cache, 'cloudwatch-exporter', cloudwatchExporter.version, 'bin/yace');
}

/** What `npm run test:long` needs beside the engines of the local landing. */
export function judgeSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    ...goProgramSteps(programs, root, cache),
    ...motoSteps(root, cache),
    ...checkovSteps(root, cache),
  ];
}
