import type { EngineStep } from './engine.ts';
import { pythonToolCommand, pythonToolStep } from './python-tool.ts';
import type { PythonTool } from './python-tool.ts';
import { engineVersions } from './versions.ts';

const schemathesis: PythonTool = {
  name: 'schemathesis',
  ...engineVersions.schemathesis,
  module: 'schemathesis.cli',
  installedBy: 'npm test -- schemathesis',
};

/** What asks the edge for whatever its own document allows, and for what it does not. */
export function fuzzerSteps(root: string, cache: string): readonly EngineStep[] {
  return [pythonToolStep('Schemathesis', schemathesis, root, cache)];
}

/** Where the fuzzer's command is once it is installed. */
export function schemathesisCommand(cache: string): string {
  return pythonToolCommand(schemathesis, cache);
}
