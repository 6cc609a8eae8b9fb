import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kubeconfigProblems } from './kubeconfig.ts';

const MARKER = 'marker-of-a-key';
const CONFIG = `current-context: shop\ncontexts: [{ name: shop }, { name: other }]\nusers: [{ name: me, user: { token: ${MARKER} } }]\n`;

describe('kubeconfigProblems', () => {
  let home = '';

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'meridian-kubeconfig-'));
    writeFileSync(path.join(home, 'good'), CONFIG);
    writeFileSync(path.join(home, 'broken'), `users: [${MARKER}\ncontexts: {`);
    writeFileSync(path.join(home, 'empty'), 'apiVersion: v1\n');
  });

  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  const problems = (given: {
    readonly given?: string;
    readonly context?: string;
    readonly environment?: Readonly<Record<string, string>>;
  }) =>
    kubeconfigProblems({ given: undefined, context: undefined, environment: {}, home, ...given });

  const file = (name: string) => path.join(home, name);

  test('takes a file, the content of one, or what KUBECONFIG lists, with any context of it', () => {
    expect(problems({ given: file('good') })).toEqual([]);
    expect(problems({ given: '~/good', context: 'other' })).toEqual([]);
    expect(problems({ given: CONFIG })).toEqual([]);
    const listed = `${file('empty')}:${file('good')}:${file('none')}`;
    expect(problems({ environment: { KUBECONFIG: listed } })).toEqual([]);
  });

  test('needs none inside a cluster', () => {
    expect(problems({ environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } })).toEqual([]);
  });

  test.each([
    [{}, "/.kube/config': must be a file, got none; set kubernetes:kubeconfig"],
    [{ given: '~/none' }, "/none': must be a file, got none"],
    [{ given: '~/broken' }, "/broken': must be YAML, got an error in line 2"],
    [{ given: '~/empty' }, "its context must be one of its contexts, of which it has none, got ''"],
    [
      { given: '~/good', context: 'shopp' },
      "must be one of 'shop', 'other', got 'shopp'; set kubernetes:context",
    ],
  ])('refuses %p, and tells nothing of its content', (given, message) => {
    const [problem, ...more] = problems(given);
    expect(problem).toContain(message);
    expect(more).toEqual([]);
    expect(problem).not.toContain(MARKER);
  });
});
