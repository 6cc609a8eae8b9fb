import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { programFolder } from '../../meridian/places.ts';
import { Rehearsal } from '../../meridian/rehearsal/rehearsal.ts';
import { writeBareProgram } from './bare-program.ts';
import { deployedTwice } from './measure-deploy.ts';

const pulumi = {
  ...{ name: 'pulumi', version: 'tested', source: 'MERIDIAN_PULUMI_BIN' },
  folder: path.dirname(process.env['MERIDIAN_PULUMI_BIN'] ?? '/nowhere/bin'),
};

test('as many resources are made as are asked for, and none the second time; another number is refused', async () => {
  const rehearsal = await Rehearsal.create('staging', { pulumi, helm: undefined });
  try {
    const folder = rehearsal.folder('bare');
    writeBareProgram(folder, programFolder, 3);
    const [fromNothing, unchanged] = await deployedTwice(rehearsal, folder);
    // With the stack itself.
    expect([fromNothing.resources, unchanged.resources]).toEqual([4, 4]);
    expect(Math.min(fromNothing.ms, unchanged.ms)).toBeGreaterThan(0);
    appendFileSync(
      path.join(folder, 'bare/index.ts'),
      "new core.v1.ConfigMap('more', { metadata: { name: 'more', namespace: 'bare' } });\n",
    );
    await expect(deployedTwice(rehearsal, folder)).rejects.toThrow(
      `all resources must be 'create', got {"create":1,"same":4}`,
    );
  } finally {
    rehearsal.remove();
  }
}, 120_000);
