import type { EngineStep } from './engine.ts';
import { pythonToolCommand, pythonToolStep } from './python-tool.ts';
import type { PythonTool } from './python-tool.ts';
import { engineVersions } from './versions.ts';

const checkov: PythonTool = {
  name: 'checkov',
  ...engineVersions.checkov,
  module: 'checkov.main',
  installedBy: 'npm run test:long',
};

/** What judges a plan of AWS's resources by rules of its own. */
export function checkovSteps(root: string, cache: string): readonly EngineStep[] {
  return [pythonToolStep('Checkov', checkov, root, cache)];
}

/** Where its command is once it is installed. */
export function checkovCommand(cache: string): string {
  return pythonToolCommand(checkov, cache);
}
