import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { engineVersions } from './versions.ts';

const read = (name: string, file: string): string =>
  readFileSync(path.join(import.meta.dirname, name, file), 'utf8');

test.each(['helm', 'kube-score', 'kubeconform'] as const)(
  'the version of %s is the same in versions.ts and go.mod',
  (name) => {
    const { module, version } = engineVersions[name];
    expect(read(name, 'go.mod')).toMatch(new RegExp(`^(require |\\t)${module} v${version}$`, 'm'));
    expect(read(name, 'go.sum')).toContain(`${module} v${version} h1:`);
  },
);
