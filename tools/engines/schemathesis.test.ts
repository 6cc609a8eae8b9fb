import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { engineVersions } from './versions.ts';

test('the version of schemathesis is the same in versions.ts and among the pinned wheels', () => {
  const file = path.join(import.meta.dirname, 'schemathesis/requirements.txt');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(`schemathesis==${engineVersions.schemathesis.version} \\\n`);
  for (const pin of text.split(/\n(?=\S)/)) {
    expect(pin).toMatch(/^[a-z0-9-]+==[\w.]+( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n?$/);
  }
});
