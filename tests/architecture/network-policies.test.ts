import { globSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { namesIn } from './code-of.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

/** The kind, and its types in the libraries, as identifiers and texts name them. */
const POLICY = /\b(?:Kube|I)?NetworkPolicy\w*/g;

/** Where every policy is written: in both directions, so that none can leave one open. */
const WRITER = 'components/kubernetes/network-policy.ts';

/** The other files that name the kind, and why they may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'components/edge/aws/outside.ts':
    'lets the proxies be reached by a balancer outside of the cluster',
  'components/kubernetes/built-in-kinds.ts': "every built-in kind and Pulumi's class for it",
  'tools/drift/expected-writers.ts': 'which operators make one for what is declared',
  'tools/drift/object-drift.ts': 'the kinds of which all is compared',
  'tools/drift/undeclared.ts': 'the kinds that nobody may add to',
  'tools/generators/manifest-schemas/sources.ts': 'the kinds that a rehearsal has schemas of',
  'tools/review/corpus/benign-resources.ts': 'changes of one that a review is tried with',
  'tools/review/corpus/dangerous-resources.ts': 'changes of one that a review is tried with',
  'tools/review/graph/calls.ts': 'a review says what a call opens',
  'tools/review/positions/blamed-hunk.ts': 'a review says which line made one',
  'tools/review/resources/kind-table.ts': 'a review says what a change of one does',
};

const files = globSync(
  '{components,infra,jobs,language,providers,services,stacks,tools}/**/*.{ts,mjs}',
  { cwd: root, exclude: (name) => ['node_modules', 'testing', 'gen'].includes(name) },
).filter((file) => !file.endsWith('.test.ts'));

test('a NetworkPolicy is written in one place', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(namesIn(WRITER, POLICY)).toContain('KubeNetworkPolicy');
  const named = Object.fromEntries(
    files
      .filter((file) => file !== WRITER && EXCEPTIONS[file] === undefined)
      .map((file) => [file, namesIn(file, POLICY)] as const)
      .filter(([, names]) => names.length > 0),
  );
  expect(named).toEqual({});
});

test.each(Object.keys(EXCEPTIONS))('%s names the kind, or needs no exception', (file) => {
  expect(namesIn(file, POLICY)).not.toEqual([]);
});
