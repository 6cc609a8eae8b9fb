import { beforeAll, describe, expect, test } from '@jest/globals';
import { affectedSuites } from './affected-suites.ts';
import { suitesNamed, suitesThatImport } from './jest-run.ts';

const all = [
  'components/redis/redis.test.ts',
  'providers/local/lifecycle.test.ts',
  'services/catalog/store.test.ts',
  'services/orders/orders.test.ts',
  'tests/architecture/error-codes.test.ts',
  'tests/contracts/routes.test.ts',
  'tests/end-to-end/platform.test.ts',
  'tests/end-to-end/trouble.test.ts',
  'tools/meridian/stack.test.ts',
];
const nobody = (): Promise<readonly string[]> => Promise.resolve([]);

describe('a change', () => {
  test.each([
    'package-lock.json',
    'jest.config.js',
    'tsconfig.json',
    '.npmrc',
    'tools/engines/versions.ts',
    'tests/costs/departed.ts',
    'tests/engines/global-setup.js',
    'tests/engines/global-teardown.js',
    'tests/engines/engine-keeper.ts',
    'tests/engines/keeper-language.ts',
    'tests/engines/shared-engines.ts',
    'tests/engines/postgres.ts',
    'tests/budget.json',
    'a-new-folder/that/nobody.knows',
  ])('of %s can affect everything', async (file) => {
    const { suites, reasons } = await affectedSuites([file, 'README.md'], all, nobody);
    expect(suites).toEqual(all);
    expect(reasons).toEqual([expect.stringContaining(`9 suites: ${file} changed`)]);
  });

  test('of a file that a service reads affects that service and what it takes part in', async () => {
    const { suites, reasons } = await affectedSuites(['services/catalog/main.ts'], all, nobody);
    expect(suites).toEqual([
      'services/catalog/store.test.ts',
      'tests/architecture/error-codes.test.ts',
      'tests/contracts/routes.test.ts',
      'tests/end-to-end/platform.test.ts',
    ]);
    expect(reasons).toEqual([
      '3 suites: services/catalog/main.ts changed; the service is started, asked and landed there',
      '1 suites: services/catalog/main.ts changed; they read the whole program',
    ]);
  });

  test('affects whoever imports it, and says so first', async () => {
    const asked: string[] = [];
    const { suites, reasons } = await affectedSuites(
      ['docs/errors.md', 'infra/platform.ts'],
      all,
      (files) => {
        asked.push(...files);
        return Promise.resolve(['providers/local/lifecycle.test.ts']);
      },
    );
    expect(asked).toEqual(['infra/platform.ts']);
    expect(suites).toContain('providers/local/lifecycle.test.ts');
    expect(suites).not.toContain('services/orders/orders.test.ts');
    expect(reasons[0]).toBe('1 suites: they import docs/errors.md and 1 more');
  });

  test('of a document alone runs what reads documents', async () => {
    const { suites } = await affectedSuites(['services/catalog/README.md'], all, nobody);
    expect(suites).toEqual(['tests/architecture/error-codes.test.ts']);
  });

  test('of nothing affects nothing', async () => {
    expect(await affectedSuites([], all, nobody)).toEqual({ suites: [], reasons: [] });
  });
});

/** Suites that read what they do not import, and files that they read. */
const images = 'tools/images/images.test.ts';
const programFiles = 'components/service/program-files.test.ts';
const contracts = 'tests/contracts/routes.test.ts';
const migrate = 'tests/jobs/migrate.test.ts';
const schemas = 'tools/meridian/output/published-schemas.test.ts';
const problems = 'services/gateway/problem/http-problem.test.ts';
const whole = [
  'tests/architecture/kit-tables.test.ts',
  'tests/architecture/loaded-modules.test.ts',
];

let there: readonly string[];
beforeAll(async () => {
  there = await suitesNamed(undefined, []);
});

test.each<readonly [file: string, readBy: readonly string[], notBy: readonly string[]]>([
  ['services/kit/run-service.ts', [programFiles, images, migrate, contracts], [schemas]],
  ['services/kit/events/tables/1_outbox.sql', [programFiles, images], [schemas]],
  ['services/catalog/main.ts', [programFiles, images, contracts], [migrate, schemas]],
  ['services/catalog/seed/words.json', [programFiles, images], [migrate]],
  ['services/catalog/migrations/9_names.sql', [migrate, images, programFiles], [schemas]],
  ['services/gateway/problem/README.md', [problems], [images, contracts]],
  ['providers/local/pki/pki.ts', [schemas], [programFiles, contracts]],
  ['providers/postgres/migrations.ts', [migrate, images], [contracts]],
  ['jobs/migrate/main.ts', [migrate, images], [contracts, schemas]],
  ['infra/platform.ts', [programFiles, images, contracts], [migrate]],
  ['tests/golden/contracts/routes.golden.json', [contracts], [images]],
  ['tests/golden/graph.golden.json', [], [contracts]],
  ['docs/schemas/up.schema.json', [schemas], [images]],
  ['docs/errors.md', [], [schemas, problems]],
  ['tests/long/kills.test.ts', [], [migrate]],
])('%s is read by suites that do not import it', async (file, readBy, notBy) => {
  const { suites } = await affectedSuites([file], there, nobody);
  expect(there).toEqual(expect.arrayContaining([...whole, ...notBy]));
  expect(suites).toEqual(expect.arrayContaining([...whole, ...readBy]));
  expect(suites.filter((suite) => notBy.includes(suite))).toEqual([]);
});

describe('the graph of imports', () => {
  test('goes through packages of the program, whose names are links in node_modules', async () => {
    const suites = await suitesThatImport(['services/kit/rpc/rpc-error.ts']);
    expect(suites).toContain('services/catalog/handler.test.ts');
    expect(suites).not.toContain('tools/meridian/suite-budgets.test.ts');
  });

  test('goes through imports that are made while it runs', async () => {
    expect(await suitesThatImport(['components/service/chart/chart-files.ts'])).toContain(
      'tools/meridian/render.test.ts',
    );
  });

  test('knows suites by the paths that the rules are written in', async () => {
    expect(await suitesNamed(undefined, ['affected-suites'])).toEqual([
      'tools/meridian/affected-suites.test.ts',
    ]);
  });
});
