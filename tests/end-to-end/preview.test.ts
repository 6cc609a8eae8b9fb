import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keepNoLog } from '../../tools/engines/pulumi-log.ts';
import type { PreviewReport } from '../../tools/meridian/rehearsal/preview-report.ts';
import { ProgramClone } from './program-clone.ts';

const DEADLINE_MS = 300_000;
const MARKER = 'marker-of-a-secret';
const TOPIC = 'catalog.events.v1';
const OTHER_TOPIC = 'catalog.events.v2';

/** The real engine and the real program, in a clone of its own. */
describe('npm run preview -- --stack staging', () => {
  let clone: ProgramClone;

  beforeAll(async () => {
    clone = new ProgramClone();
    settings({ 'kubernetes:kubeconfig': { secure: `v1:${MARKER}` } });
    await clone.commitAll();
  }, DEADLINE_MS);

  afterAll(() => clone[Symbol.dispose]());

  const settings = (config: object): void => clone.settings('staging', config);

  const preview = (...args: readonly string[]) =>
    // A reviewer has all sorts of things in the environment.
    clone.meridian(['preview', '--stack', 'staging', ...args], {
      AWS_SECRET_ACCESS_KEY: MARKER,
      KUBECONFIG: `/${MARKER}`,
    });

  const succeed = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await preview(...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  };

  test(
    'shows what would be made, and leaves no secret and no trace',
    async () => {
      const shown = await succeed();
      expect(shown).toContain("Rehearsal of stack 'staging'");
      for (const object of [
        'kubernetes:argoproj.io/v1alpha1:Rollout rollout-meridian-catalog',
        'kubernetes:core/v1:Service service-meridian-catalog-preview',
        'kubernetes:keda.sh/v1alpha1:ScaledObject scaledobject-meridian-catalog',
      ]) {
        expect(shown).toContain(`+ create ${object}`);
      }
      expect(shown).not.toContain(MARKER);
      expect(
        readdirSync(path.join(clone.root, 'tmp')).filter((name) => name.startsWith('meridian')),
      ).toEqual([]);
    },
    DEADLINE_MS,
  );

  test(
    'says what changes against another revision, which data would go, and that nothing else changes',
    async () => {
      settings({ 'meridian:registry': 'registry.example/other' });
      const restore = clone.edit('services/catalog/topics.ts', TOPIC, OTHER_TOPIC);
      const report = JSON.parse(await succeed('--base', 'HEAD', '--json')) as PreviewReport;
      restore();
      expect(report.rehearsal).toBe(true);
      const changed = report.resources
        .filter(({ operation }) => operation === 'update')
        .flatMap(({ name, properties }) =>
          properties.map(({ property, before, after }) => [
            name,
            property,
            JSON.stringify([before, after]),
          ]),
        );
      expect(changed).toContainEqual([
        'rollout-meridian-catalog',
        'spec.template.spec.containers[0].image',
        expect.stringMatching(/^\["registry\.[^"]*","registry\.example\/other\/catalog/),
      ]);
      // What two runs of a program make differently without a reason would be among it, too. A Rollout says by a digest which
      // release it is.
      const expected = new RegExp(
        `registry\\.example/|${TOPIC}|${OTHER_TOPIC}|[-+][0-9a-f]{12}"\\]$`,
      );
      expect(changed.filter(([, , values]) => !expected.test(values ?? ''))).toEqual([]);
      // A deployment would end there; a preview goes on.
      const lost = report.resources.filter(({ losesData }) => losesData !== undefined);
      expect(lost.map(({ operation, name }) => [operation, name])).toEqual([
        ['delete', `kafkatopic-meridian-data-${TOPIC}`],
        ['delete', `kafkatopic-meridian-data-${TOPIC}.dlq`],
      ]);
      expect(report.totals.unchanged).toBeGreaterThan(report.resources.length);
    },
    DEADLINE_MS,
  );

  test(
    'tells all mistakes of the program at once, and ends with an error',
    async () => {
      settings({ 'meridian:registry': 'R', 'meridian:unknown': '1' });
      const { exitCode, stdout, stderr } = await preview();
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain("meridian: Setting 'meridian:registry': must be a host");
      expect(stderr).toMatch(/Setting 'meridian:unknown': must be one of .*\[SETTINGS_INVALID\]/);
    },
    DEADLINE_MS,
  );

  test(
    'tells of services that call each other, which cannot even be imported',
    async () => {
      settings({});
      const imported = "import { orders } from '@meridian/orders/service.ts';\nvoid orders;\n";
      const restore = clone.edit('services/catalog/service.ts', /^/, imported);
      const { exitCode, stdout, stderr } = await preview();
      restore();
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /must not form a cycle, got catalog → orders → catalog;.*\[GRAPH_INVALID\]/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'refuses a revision that there is not, and options of the other kind of stack',
    async () => {
      const [unknown, unusable] = await Promise.all([
        preview('--base', 'no-such-thing'),
        preview('--diff'),
      ]);
      expect(unknown.stderr).toContain('[REVISION_UNKNOWN]');
      expect(unusable.stderr).toContain('[PREVIEW_OPTION_UNUSABLE]');
    },
    DEADLINE_MS,
  );

  test(
    'has a counterpart: a deployment is refused before anything is created, for every reason',
    async () => {
      settings({});
      for (const folder of ['home', 'backend']) mkdirSync(path.join(clone.root, folder));
      keepNoLog(path.join(clone.root, 'home'));
      const bin = process.env['MERIDIAN_PULUMI_BIN'] ?? '';
      const pulumi = (...args: readonly string[]) =>
        clone.run(path.join(bin, 'pulumi'), [...args, '--non-interactive', '--color=never'], {
          PATH: [bin, path.dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
          HOME: path.join(clone.root, 'home'),
          KUBECONFIG: `${clone.root}/none`,
          MERIDIAN_LANGUAGE_HOST: path.join(
            clone.folder,
            'tools/language-host/pulumi-language-nodejs',
          ),
          MERIDIAN_NODE: process.execPath,
          NODE_OPTIONS: '',
          PULUMI_HOME: path.join(clone.root, 'home'),
          PULUMI_BACKEND_URL: `file://${clone.root}/backend`,
          PULUMI_CONFIG_PASSPHRASE: 'test',
          PULUMI_SKIP_UPDATE_CHECK: 'true',
        });
      expect((await pulumi('stack', 'init', 'staging')).exitCode).toBe(0);
      const { exitCode, stdout } = await pulumi('up', '--yes', '--skip-preview');
      expect(exitCode).not.toBe(0);
      expect(stdout).toContain(
        `DEPLOYMENT_REFUSED: Kubeconfig '${clone.root}/none': must be a file, got none`,
      );
      expect(stdout).toContain("Setting 'meridian:telemetryStore': must say where");
      expect(stdout).toContain(
        'service.catalog.image.digest must be looked up before a deployment',
      );
      // The stack itself, and nothing in it.
      expect(stdout).toContain('+ 1 created');
    },
    DEADLINE_MS,
  );
});
