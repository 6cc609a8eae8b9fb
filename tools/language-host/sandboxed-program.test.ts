import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runtime } from '@pulumi/pulumi';
import { Rehearsal } from '../meridian/rehearsal/rehearsal.ts';
import type { RehearsalOrder, RehearsalSandbox } from '../meridian/rehearsal/rehearsal.ts';
import type { EngineEvent } from '../meridian/rehearsal/engine-events.ts';
import { builtPulumi } from '../meridian/rehearsal/testing/built-pulumi.ts';
import { availableSandbox } from '../review/sandbox/available-sandbox.ts';

const JUDGE = path.resolve(import.meta.dirname, '../..');
const DEADLINE_MS = 120_000;
const MARKER = 'marker-of-a-secret';

/** How a test wants its program to be run. */
type Asked = Pick<RehearsalOrder, 'outputs'> & Pick<RehearsalSandbox, 'limits'>;

/** Pulumi's own engine and a program that nobody trusts, one after the other in one stack. */
describe('a program in a sandbox, under the engine', () => {
  let root: string;
  let tree: string;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'meridian-hostile-'));
    tree = path.join(root, 'tree');
    mkdirSync(path.join(tree, 'infra'), { recursive: true });
    mkdirSync(path.join(tree, 'node_modules'));
    writeFileSync(path.join(tree, 'package.json'), '{ "type": "module" }\n');
    // What the change says of its own project is not asked for: the engine would start this.
    writeFileSync(
      path.join(tree, 'Pulumi.yaml'),
      'name: evil\nruntime: evil\nmain: evil.ts\nplugins: { providers: [{ name: kubernetes, path: ./evil }] }\n',
    );
    writeFileSync(path.join(root, 'credentials'), MARKER);
    rehearsal = await Rehearsal.create('staging', { pulumi: builtPulumi(), helm: undefined });
  }, DEADLINE_MS);

  afterAll(() => {
    rehearsal.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const run = async (
    source: string,
    { outputs = 'known', limits = {} }: Asked = {},
  ): Promise<readonly EngineEvent[]> => {
    writeFileSync(path.join(tree, 'infra/index.ts'), source);
    return await rehearsal.run(
      'preview',
      { folder: tree },
      {
        outputs,
        declaredFile: path.join(root, 'declared.json'),
        sandbox: {
          ...{ way: availableSandbox(), judge: JUDGE, packages: JUDGE, limits },
          askedFile: path.join(root, 'asked.json'),
        },
      },
    );
  };

  const CONFIG_MAP = `
    import { core } from '@pulumi/kubernetes';
    new core.v1.ConfigMap('settings', { metadata: { name: 'settings', namespace: 'shop' }, data: { size: '1' } });`;

  test(
    'declares its resources, and sees nothing of the machine; events that it prints are text',
    async () => {
      const forged = JSON.stringify({
        sequence: 1,
        resourcePreEvent: {
          metadata: { op: 'same', urn: 'urn:pulumi:a::b::c::forged', type: 'c' },
        },
      });
      const events = await run(`
        import { existsSync, writeFileSync } from 'node:fs';
        import { log } from '@pulumi/pulumi';
        ${CONFIG_MAP}
        await log.info('said to people');
        await log.debug('said to nobody');
        console.log(${JSON.stringify(forged)});
        process.stderr.write(${JSON.stringify(`${forged}\n\u001b[2J`)});
        writeFileSync(process.env.MERIDIAN_DECLARED_FILE, JSON.stringify({
          robbed: existsSync('${root}/credentials'),
          environment: Object.keys(process.env).sort(),
          place: import.meta.filename,
          stack: new Error('here').stack.split('\\n').at(1).trim(),
          formatter: typeof Error.prepareStackTrace,
        }));
      `);
      const urns = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn ?? []);
      expect(urns.map((urn) => urn.split('::').at(-1)).toSorted()).toEqual([
        'meridian-staging',
        'settings',
      ]);
      expect(JSON.stringify(events)).not.toContain('\\u001b[2J');
      expect(JSON.parse(readFileSync(path.join(root, 'declared.json'), 'utf8'))).toEqual({
        robbed: false,
        environment: expect.not.arrayContaining(['PULUMI_CONFIG_PASSPHRASE_FILE', 'PATH', 'HOME']),
        place: '/program/infra/index.ts',
        // Of V8 itself, by the line of the TypeScript file.
        stack: expect.stringMatching(/^at file:\/\/\/program\/infra\/index\.ts:15:18$/),
        formatter: 'undefined',
      });
      const told = events.flatMap(({ diagnosticEvent }) => diagnosticEvent?.message.trim() ?? []);
      expect(told).toContain('said to people');
      expect(events.filter(({ diagnosticEvent: told }) => told?.severity === 'debug')).toEqual([]);
    },
    DEADLINE_MS,
  );

  test(
    'has the engine read no file for it, and is told on, whether it catches the refusal or not',
    async () => {
      await expect(
        run(`
        import { asset, CustomResource } from '@pulumi/pulumi';
        ${CONFIG_MAP}
        process.on('uncaughtException', () => process.exit(0));
        process.on('unhandledRejection', () => process.exit(0));
        new CustomResource('kubernetes:core/v1:ConfigMap', 'robber', {
          metadata: { name: 'robber' }, data: { file: new asset.RemoteAsset('file://${root}/credentials') },
        });`),
      ).rejects.toMatchObject({
        code: 'SANDBOX_REFUSED',
        message: expect.stringContaining(
          'The program asked for what a sandbox does not give: file of an asset or archive to a resource.',
        ),
      });
    },
    DEADLINE_MS,
  );

  test(
    'has no hook run outside, makes all the same what has one, and its name is told',
    async () => {
      const events = await run(`
        import { core } from '@pulumi/kubernetes';
        import { ErrorHook, ResourceHook } from '@pulumi/pulumi';
        const refuses = new ResourceHook('refuses', () => { throw new Error('never'); }, { onDryRun: true });
        const again = new ErrorHook('tries-again', () => true);
        new core.v1.ConfigMap('hooked', { metadata: { name: 'hooked', namespace: 'shop' }, data: { size: '1' } },
          { hooks: { beforeCreate: [refuses], onError: [again] }, ignoreChanges: ['data.size'] });`);
      const made = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn ?? []);
      expect(made.some((urn) => urn.endsWith('::hooked'))).toBe(true);
      expect(JSON.parse(readFileSync(path.join(root, 'asked.json'), 'utf8'))).toEqual({
        hooks: ['refuses', 'tries-again'],
        ignored: [
          { type: 'kubernetes:core/v1:ConfigMap', name: 'hooked', properties: ['data.size'] },
        ],
      });
    },
    DEADLINE_MS,
  );

  test(
    'gets what it gave itself, and of what a provider adds only that it is not known, where nothing is to be known',
    async () => {
      const source = `
        import { core } from '@pulumi/kubernetes';
        const one = new core.v1.ConfigMap('one', { metadata: { name: 'one', namespace: 'shop' }, data: { size: '1' } });
        new core.v1.ConfigMap('other', {
          metadata: { name: 'other', namespace: 'shop' },
          data: { given: one.data.size, identity: one.id },
        });`;
      const dataOf = (events: readonly EngineEvent[]): unknown =>
        events.flatMap(({ resourcePreEvent }) => {
          const { urn = '', new: state } = resourcePreEvent?.metadata ?? {};
          return urn.endsWith('::other') ? [state?.inputs?.['data']] : [];
        });
      expect(dataOf(await run(source))).toEqual([{ given: '1', identity: 'shop/one' }]);
      expect(dataOf(await run(source, { outputs: 'unknown' }))).toEqual([
        { given: '1', identity: runtime.unknownValue },
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'is ended when its time is over, and nothing is claimed of it',
    async () => {
      const endless = run('setInterval(() => undefined, 1000);', { limits: { wallMs: 1_000 } });
      await expect(endless).rejects.toMatchObject({
        code: 'SANDBOX_LIMIT',
        message: expect.stringContaining('The program took more than 1 s, and was ended.'),
      });
    },
    DEADLINE_MS,
  );

  test(
    'has what it prints told in plain text where it fails',
    async () => {
      const failing = run(`
        import { ComponentResource } from '@pulumi/pulumi';
        // The SDK goes round in circles where a program fails before its stack is registered.
        const one = new ComponentResource('meridian:test:One', 'one');
        await new Promise((resolve) => one.urn.apply(resolve));
        throw new Error('\\u001b[31mred\\u202e\\n::error::of a runner');`);
      await expect(failing).rejects.toMatchObject({
        code: 'REHEARSAL_REFUSED',
        message: expect.stringMatching(
          /infra\/index\.ts[^]*Error: red\uFFFD\n: :error::of a runner/,
        ),
      });
    },
    DEADLINE_MS,
  );
});
