import type { EngineStep } from './engine.ts';
import { pythonToolCommand, pythonToolStep } from './python-tool.ts';
import type { PythonTool } from './python-tool.ts';
import { engineVersions } from './versions.ts';

const moto: PythonTool = {
  name: 'moto',
  ...engineVersions.moto,
  module: 'moto.server',
  installedBy: 'npm run test:long',
};

/** S3 as others understand it, which the client of the checkpoint store is held against. */
export function motoSteps(root: string, cache: string): readonly EngineStep[] {
  return [pythonToolStep('Moto', moto, root, cache)];
}

/** Where its command is once it is installed. */
export function motoCommand(cache: string): string {
  return pythonToolCommand(moto, cache);
}
