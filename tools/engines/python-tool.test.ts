import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { engineVersions } from './versions.ts';

test.each(['moto', 'schemathesis'] as const)(
  'the version of %s is the same in versions.ts and among the pinned wheels',
  (tool) => {
    const file = path.join(import.meta.dirname, tool, 'requirements.txt');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(`${tool}==${engineVersions[tool].version} \\\n`);
    for (const pin of text.split(/\n(?=\S)/)) {
      expect(pin).toMatch(/^[a-z0-9-]+==[\w.]+( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n?$/);
    }
  },
);
