import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Store } from '@meridian/components/model/store.ts';
import type { EngineNoun } from '@meridian/components/nouns.ts';
import { namesIn } from './code-of.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

/** Parts of identifiers and texts that name an engine, or what makes it in a cluster. An engine without any does not compile. */
const WORDS: Readonly<Record<EngineNoun, readonly string[]>> = {
  postgres: ['postgres', 'cloud-?native', 'cnpg'],
  redis: ['redis', 'valkey'],
  kafka: ['kafka', 'strimzi'],
  // What else AWS calls elastic are balancers and a cache.
  search: ['elastic(?!loadbalancing|ache)', 'search', String.raw`\beck\b`],
};

/** The engine of each kind of store; a kind without one does not compile. */
const ENGINE_OF_STORE: Readonly<Record<Store['kind'], EngineNoun>> = {
  postgres: 'postgres',
  redis: 'redis',
  elasticsearch: 'search',
};

const engines = Object.keys(WORDS) as readonly EngineNoun[];

/** Whole words that name one of these engines. */
function wordsOf(named: readonly EngineNoun[]): RegExp {
  return new RegExp(String.raw`\w*(?:${named.flatMap((name) => WORDS[name]).join('|')})\w*`, 'gi');
}

/** The files outside the folders of engines that name one, and why they may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'components/model/store.ts': 'the union of what a service can declare',
  'components/nouns.ts': 'the table of nouns',
  'components/engine-users.ts': 'the table of who uses which engine',
  'components/local/local-nouns.ts': 'the table of landings on this machine',
  'components/kubernetes/kubernetes-nouns.ts': 'the table of landings in a cluster',
  'components/aws/aws-nouns.ts': 'the table of landings where AWS manages engines',
  'components/aws/aws-settings.ts': 'a stack sizes engines by their names',
  'components/kubernetes/kubernetes-settings.ts': 'a stack sizes an engine by its name',
  'components/local/local-settings.ts': 'a stack has an engine keep an archive, by its name',
  'components/model/validate/connection-problems.ts':
    'tells a person which engine has no room for what was declared',
  'components/model/validate/store-problems.ts': 'names that engines keep for themselves',
  'components/observability/aws/cloud-watch-settings.ts': 'by which name AWS knows each engine',
  'components/observability/aws/watched-metrics.ts': 'what AWS says of each engine',
  'components/observability/boards/cloud-board.ts': 'what is shown of what AWS says of each engine',
  'components/observability/engines/monitor.ts': 'who watches which engine, and as whom',
  'components/observability/local/rule-settings.ts': 'a stack has an engine keep an archive',
  'components/observability/rules/backup-alerts.ts': 'what people are told of copies of data',
  'components/observability/rules/cloud-alerts.ts': 'of which engines AWS is asked',
  'components/observability/rules/cloud-limits.ts': 'what people are told of what AWS says of each',
  'components/observability/rules/engine-alerts.ts': 'what of each engine people are told',
  'components/observability/rules/instance-alerts.ts': 'what people are told of standbys',
  'infra/index.ts': 'the program itself',
  'infra/refuse-undeployable.ts': 'asks what an engine refuses to begin with',
  'infra/platform.ts': "a service is called 'search'",
};

const files = globSync('{components,infra}/**/*.ts', {
  cwd: root,
  exclude: (name) => ['node_modules', 'testing', 'gen'].includes(name),
}).filter((file) => !file.endsWith('.test.ts'));

/** In whose folder a file is. */
const folderOf = (file: string): EngineNoun | undefined =>
  engines.find((engine) => file.startsWith(`components/${engine}/`));

/** What files say of engines, without those that say nothing. */
function named(among: readonly string[], pattern: RegExp): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    among
      .map((file) => [file, namesIn(file, pattern)] as const)
      .filter(([, names]) => names.length > 0),
  );
}

test('no file outside the folder of an engine names the engine', () => {
  const outside = files.filter((file) => folderOf(file) === undefined);
  expect(outside.length).toBeGreaterThan(100);
  const common = outside.filter((file) => EXCEPTIONS[file] === undefined);
  expect(named(common, wordsOf(engines))).toEqual({});
});

test.each(Object.keys(EXCEPTIONS))('%s names an engine, or needs no exception', (file) => {
  expect(namesIn(file, wordsOf(engines))).not.toEqual([]);
});

describe.each(engines)('the folder of %s', (engine) => {
  const inside = files.filter((file) => folderOf(file) === engine);

  test('names its engine', () => {
    expect(named(inside, wordsOf([engine]))).not.toEqual({});
  });

  test('names no other engine', () => {
    expect(named(inside, wordsOf(engines.filter((other) => other !== engine)))).toEqual({});
  });
});

test.each(Object.entries(ENGINE_OF_STORE))(
  'a store of the kind %s is known by a word of %s',
  (kind, engine) => {
    expect(kind).toMatch(wordsOf([engine]));
  },
);
