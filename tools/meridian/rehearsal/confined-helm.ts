import path from 'node:path';
import type { ConfinedHelm } from '@meridian/provider-rehearsal/provider/helm-template.ts';
import { SANDBOX_ENVIRONMENT, sandboxed } from '../../review/sandbox/sandboxed.ts';
import type { SandboxWay } from '../../review/sandbox/sandboxed.ts';
import { DEFAULT_LIMITS } from '../../review/sandbox/sandbox-spec.ts';

/** Longer than any chart takes; a template can go round in circles. */
const MOST_CPU_SECONDS = 30;

const HELM = '/run/helm';
const PROGRAM = '/program';

/**
 * Runs Helm in a sandbox of its own: by a schema of values a chart can have it read any file or address, and the
 * chart is the change's.
 */
export function confinedHelm(program: {
  readonly folder: string;
  /** What is run, from the program's folder. */
  readonly main: string;
  readonly way: SandboxWay;
}): ConfinedHelm {
  return (file, args) => ({
    argv: sandboxed(
      {
        command: [HELM, ...args],
        workingDirectory: path.dirname(path.join(PROGRAM, program.main)),
        environment: { HOME: '/tmp', HELM_NO_PLUGINS: '1' },
        readOnly: [
          { from: file, at: HELM },
          { from: program.folder, at: PROGRAM },
        ],
        limits: { ...DEFAULT_LIMITS, cpuSeconds: MOST_CPU_SECONDS },
      },
      program.way,
    ),
    environment: SANDBOX_ENVIRONMENT,
  });
}
