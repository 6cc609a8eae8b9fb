import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { shellQuoted } from '../../../tools/meridian/shell-quoted.ts';
import { expectSuccess } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

const ZONES = ['a', 'b', 'c'];

export const firstStart: Story = {
  title: 'the first start',
  always: true,
  tell: (ground) => {
    const { platform } = ground;

    test('brings up the services in three zones, their engines and the edge', () => {
      const { health, edge } = ground.beginning.start;
      const where = (service: string): readonly string[] =>
        health.filter((row) => row.service === service).map(({ zone }) => zone);
      expect(where('gateway')).toEqual(ZONES);
      expect(where('catalog')).toEqual(ZONES);
      expect(where('identity')).toEqual(ZONES);
      expect(where('postgres')).toEqual(['a']);
      expect(where('redis')).toEqual(['a']);
      for (const zone of ZONES) expect(where(`kafka-${zone}`)).toEqual([zone]);
      expect(where('envoy')).toEqual(['edge']);
      expect(new Set(health.map(({ health: state }) => state))).toEqual(new Set(['ready']));
      const certificate = shellQuoted(path.join(platform.state, 'pki/root.crt'));
      expect(edge.curl).toBe(
        `curl --cacert ${certificate} https://localhost:${platform.edgePort}/v1/products`,
      );
    });

    test('has a benchmark say what to do while there is nothing to read', () => {
      const { code, stderr } = ground.beginning.emptyBench;
      expect(code).toBe(1);
      expect(stderr).toMatch(/got an empty catalogue; load one with 'npm run seed'/);
      expect(stderr).not.toMatch(/defect/);
    });

    test('is followed by a catalogue of as many products as were asked for', () => {
      expect(ground.beginning.seed.stdout).toMatch(/500/);
    });

    test(
      'gives plain Pulumi what it needs, and nothing that is secret',
      async () => {
        const env = await platform.run(['env']);
        expectSuccess(env);
        const told = await platform.run(['env', '--json']);
        expectSuccess(told);
        const backend = pathToFileURL(path.join(platform.state, 'pulumi')).href;
        expect(env.stdout).toContain(`PULUMI_BACKEND_URL=${shellQuoted(backend)}\n`);
        const passphrase = readFileSync(path.join(platform.state, 'passphrase'), 'utf8');
        expect(env.stdout + told.stdout).not.toContain(passphrase);
        expect(JSON.parse(told.stdout)).toMatchObject({
          environment: { PULUMI_BACKEND_URL: backend },
          folder: path.join(platform.state, 'bin'),
        });
        const stack = parse(
          readFileSync(path.join(platform.state, 'config/Pulumi.local.yaml'), 'utf8'),
        ) as Record<string, unknown>;
        expect(stack['encryptionsalt']).toEqual(expect.any(String));
      },
      MINUTES,
    );
  },
};
