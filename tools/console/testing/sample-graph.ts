import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';

/** The graph of this platform, as it was reviewed. */
export const sampleGraph = JSON.parse(
  readFileSync(
    path.resolve(import.meta.dirname, '../../../tests/golden/graph.golden.json'),
    'utf8',
  ),
) as PlatformGraph;
