import path from 'node:path';
import type { InstalledEngine } from '../../../engines/engine.ts';
import { engineVersions } from '../../../engines/versions.ts';

/** Looked for as soon as a suite is read: without it that is told once, and not by each test and what cleans up. */
const BUILT = readPulumi();

/** The Pulumi in the folder `MERIDIAN_PULUMI_BIN`, which `npm test` sets. */
export function builtPulumi(): InstalledEngine {
  return BUILT;
}

function readPulumi(): InstalledEngine {
  const bin = process.env['MERIDIAN_PULUMI_BIN'];
  if (bin === undefined) throw new Error("No Pulumi: run 'npm test', or set MERIDIAN_PULUMI_BIN");
  return {
    name: 'pulumi',
    version: engineVersions.pulumi.version,
    folder: path.dirname(bin),
    source: 'MERIDIAN_PULUMI_BIN',
  };
}
