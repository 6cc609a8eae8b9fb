import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { builtHelm } from '../testing/built-helm.ts';
import { sampleChart, writeFiles } from '../testing/sample-chart.ts';
import { asSecret } from './property-values.ts';
import type { Properties } from './property-values.ts';
import { release } from './release.ts';

const INPUTS = { name: 'shop', namespace: 'n', chart: './chart', version: '1.0.0' };

describe('a release', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-release-'));
    writeFiles(folder, sampleChart);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const rehearsed = () => release(folder, builtHelm());
  const problems = (inputs: object) => rehearsed().check({ ...INPUTS, ...inputs }).problems;
  const dataOf = (inputs: object) => {
    const { manifest } = rehearsed().outputs({ ...INPUTS, ...inputs });
    return (manifest as Readonly<Record<string, { readonly data: unknown }>>)['ConfigMap shop']
      ?.data;
  };

  test('is rendered with the defaults of its chart and the values over them', () => {
    expect(problems({ values: { replicas: 3 } })).toEqual([]);
    expect(dataOf({ values: { replicas: 3 } })).toEqual({
      replicas: '3',
      colour: 'green',
      note: '{{ literal }}',
    });
  });

  test('shows a mask in place of what is secret', () => {
    expect(dataOf({ values: { colour: asSecret('red') } })).toMatchObject({ colour: '[secret]' });
  });

  test('is rendered from an archive as from a folder', () => {
    execFileSync(builtHelm().file, ['package', 'chart'], { cwd: folder, stdio: 'pipe' });
    const { manifest } = rehearsed().outputs({ ...INPUTS, chart: './shop-1.0.0.tgz' });
    expect(manifest).toEqual(rehearsed().outputs(INPUTS)['manifest']);
    expect(manifest).toHaveProperty(['ConfigMap shop']);
  });

  test('tells of a definition which versions it has, and that a schema is another', () => {
    const shown = (type: string) => {
      const version = `{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: ${type} } } }`;
      const text = `kind: CustomResourceDefinition\nmetadata: { name: shops.sample }\nspec: { group: sample, versions: [${version}] }\n`;
      writeFiles(folder, {
        'chart/crds/shop.yaml': `apiVersion: apiextensions.k8s.io/v1\n${text}`,
      });
      return (rehearsed().outputs(INPUTS)['manifest'] as Properties)[
        'CustomResourceDefinition shops.sample'
      ];
    };
    const before = shown('object');
    expect(before).toMatchObject({
      spec: {
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schemaDigest: expect.stringMatching(/^.{12}$/) as unknown,
          },
        ],
      },
    });
    expect(shown('string')).not.toEqual(before);
  });

  test.each([
    [{ values: { replicas: 21 } }, "at '/replicas': maximum: got 21, want 20"],
    [{ version: undefined }, 'version: must be set to be rehearsed'],
    [{ valueYamlFiles: [] }, 'valueYamlFiles: is not an input of a release that can be rehearsed'],
    [{ atomic: 'yes' }, 'atomic: must be a boolean'],
    [{ chart: 'operator' }, "chart: must be a folder ('./…'), an address or a name with"],
    [{ chart: './none' }, 'chart: path "./none" not found'],
  ])('refuses %p', (inputs, message) => {
    const [problem, ...more] = problems(inputs);
    expect(problem).toContain(message);
    expect(more).toEqual([]);
  });

  test('has a name, whatever it looks like to Helm', () => {
    const ran = path.join(folder, 'ran');
    writeFiles(folder, { evil: `#!/bin/sh\ntouch ${ran}; cat\n` });
    chmodSync(path.join(folder, 'evil'), 0o755);
    for (const name of ['name', 'namespace', 'chart'] as const) {
      const option = `--post-renderer=${folder}/evil`;
      problems({ [name]: name === 'chart' ? `./chart ${option}` : option });
      problems({ [name]: `-n --post-renderer ${folder}/evil` });
    }
    expect(existsSync(ran)).toBe(false);
  });

  test('refuses a template that Helm does not understand, with what it says', () => {
    writeFiles(folder, { 'chart/templates/extra.yaml': 'a: {{ .Values.colour' });
    expect(problems({})).toEqual([
      expect.stringMatching(/^chart: .*extra.yaml:1\): unclosed action$/),
    ]);
  });

  test.each(['oci://charts.example/operator', './chart'])(
    'takes %s as it is where it is not at hand or nothing renders it',
    (chart) => {
      const inputs = { ...INPUTS, chart };
      const without = release(folder);
      expect(without.check(inputs).problems).toEqual([]);
      expect(without.outputs(inputs)).not.toHaveProperty('manifest');
    },
  );
});
