import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Helm } from '../provider/helm-template.ts';

/** The Helm in the folder `MERIDIAN_HELM_BIN`, which `npm test` sets. */
export function builtHelm(): Helm {
  const file = path.join(process.env['MERIDIAN_HELM_BIN'] ?? '', 'helm');
  if (existsSync(file)) return { file, kubernetes: '1.36' };
  throw new Error(`No Helm at '${file}': run 'npm test', or set MERIDIAN_HELM_BIN`);
}
