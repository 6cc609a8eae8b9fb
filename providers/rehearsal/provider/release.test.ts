import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleChart, writeFiles } from '../testing/sample-chart.ts';
import { asSecret } from './property-values.ts';
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

  const problems = (inputs: object) => release(folder).check({ ...INPUTS, ...inputs }).problems;
  const dataOf = (inputs: object) => {
    const { manifest } = release(folder).outputs({ ...INPUTS, ...inputs });
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

  test('is of the archive of a chart of others, which is not looked into', () => {
    writeFiles(folder, { 'kept.tgz': 'an archive' });
    expect(problems({ chart: './kept.tgz' })).toEqual([]);
    expect(release(folder).outputs({ ...INPUTS, chart: './kept.tgz' })['manifest']).toBe(undefined);
  });

  test('shows a mask in place of what is secret', () => {
    expect(dataOf({ values: { colour: asSecret('red') } })).toMatchObject({ colour: '[secret]' });
  });

  test.each([
    [{ values: { replicas: 21 } }, 'values.replicas: must be <= 20'],
    [{ version: '2.0.0' }, "version: must be that of the chart, '1.0.0', got '2.0.0'"],
    [{ version: undefined }, 'version: must be set to be rehearsed'],
    [{ valueYamlFiles: [] }, 'valueYamlFiles: is not an input of a release that can be rehearsed'],
    [{ atomic: 'yes' }, 'atomic: must be a boolean'],
    [{ chart: 'operator' }, "chart: must be a folder ('./…'), an address or a name with"],
    [{ chart: './none' }, 'chart: must be a folder with a Chart.yaml, got one without'],
    [{ chart: './none.tgz' }, "chart: must be an archive that is there, got none at './none.tgz'"],
    [{ values: { colour: { dark: true } } }, "'colour' must be a text or a number, got an object"],
  ])('refuses %p', (inputs, message) => {
    const [problem, ...more] = problems(inputs);
    expect(problem).toContain(message);
    expect(more).toEqual([]);
  });

  test.each([
    ['{{ include "x" . }}', 'templates/extra.yaml, line 2: must be a reference to a value'],
    ['{{- if .Values.colour }}', 'templates/extra.yaml, line 2: must be a reference'],
    ['{{ .Values.none }}', "line 2: value 'none' must be a text or a number, got nothing"],
    ['{{ .Values.colour', "got '{{' without an end"],
    ['kind: [', 'templates/extra.yaml: must render to objects'],
  ])('refuses a template with %p', (text, message) => {
    writeFiles(folder, { 'chart/templates/extra.yaml': `a: b\n${text}\n` });
    expect(problems({})).toEqual([expect.stringContaining(message)]);
  });

  test('names the object and the property of a chart that the schema of its kind refuses', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: { name: odd }\nspec: { prots: [] }\n';
    writeFiles(folder, { 'chart/templates/extra.yaml': text });
    expect(problems({})).toEqual([
      expect.stringContaining('manifest["Service odd"].spec.prots: is not a property here'),
    ]);
  });

  test('says nothing of the value of a secret that is wrong', () => {
    const found = problems({ values: { replicas: asSecret(1234) } });
    expect(found).toEqual(['values.replicas: is wrong; its value is secret and not shown']);
  });

  test('takes a chart of somebody else as it is', () => {
    const inputs = { chart: 'oci://charts.example/operator' };
    expect(problems(inputs)).toEqual([]);
    expect(release(folder).outputs({ ...INPUTS, ...inputs })).not.toHaveProperty('manifest');
  });
});
