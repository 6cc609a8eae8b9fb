import { checkovSteps } from './checkov.ts';
import type { EngineStep } from './engine.ts';
import { goProgramSteps, type GoProgram } from './go-program.ts';
import { motoSteps } from './moto.ts';
import { engineVersions } from './versions.ts';

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
} satisfies Readonly<Record<string, GoProgram>>;

/** What `npm run test:long` needs beside the engines of the local landing. */
export function judgeSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    ...goProgramSteps(programs, root, cache),
    ...motoSteps(root, cache),
    ...checkovSteps(root, cache),
  ];
}
