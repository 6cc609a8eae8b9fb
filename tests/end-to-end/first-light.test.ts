import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { shellQuoted } from '../../tools/meridian/shell-quoted.ts';
import { eventually, expectSuccess, PlatformUnderTest } from './platform-under-test.ts';
import { readWhile } from './reading.ts';

interface Health {
  readonly zone: string;
  readonly service: string;
  readonly ready: number;
  readonly replicas: number;
  readonly health: string;
  readonly restarts: number;
}

interface UpResult {
  readonly changes: Readonly<Record<string, number>>;
  readonly startedAgain: number;
  readonly edge: { readonly url: string; readonly curl: string };
  readonly health: readonly Health[];
}

const zones = ['a', 'b', 'c'];
const minutes = 60_000;

/**
 * One platform, brought up by the real command in an empty home, and then led through its life in
 * order: each test finds it as the one before left it.
 */
describe('the platform, from npm start to npm run destroy', () => {
  let platform: PlatformUnderTest;

  const up = async (...args: string[]): Promise<UpResult> => {
    const outcome = await platform.run(['up', '--json', ...args]);
    expectSuccess(outcome);
    return JSON.parse(outcome.stdout) as UpResult;
  };
  const health = async (): Promise<readonly Health[]> =>
    JSON.parse((await platform.run(['status', '--json'])).stdout) as readonly Health[];

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
  });
  afterAll(async () => {
    await platform.dispose();
  }, 2 * minutes);

  test(
    'one command brings up the services in three zones, their engines and the edge',
    async () => {
      const result = await up(...platform.ports);
      const where = (service: string): readonly string[] =>
        result.health.filter((row) => row.service === service).map(({ zone }) => zone);
      expect(where('gateway')).toEqual(zones);
      expect(where('catalog')).toEqual(zones);
      expect(where('identity')).toEqual(zones);
      expect(where('postgres')).toEqual(['a']);
      expect(where('redis')).toEqual(['a']);
      for (const zone of zones) expect(where(`kafka-${zone}`)).toEqual([zone]);
      expect(where('envoy')).toEqual(['edge']);
      expect(new Set(result.health.map(({ health: state }) => state))).toEqual(new Set(['ready']));
      const certificate = shellQuoted(path.join(platform.state, 'pki/root.crt'));
      expect(result.edge.curl).toBe(
        `curl --cacert ${certificate} https://localhost:${platform.edgePort}/v1/products`,
      );
    },
    5 * minutes,
  );

  test(
    'a benchmark before there is anything to read says what to do',
    async () => {
      const outcome = await platform.run(['bench']);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/got an empty catalogue; load one with 'npm run seed'/);
      expect(outcome.stderr).not.toMatch(/defect/);
    },
    minutes,
  );

  test(
    'a read travels from the edge to PostgreSQL and back',
    async () => {
      const seeded = await platform.run(['seed', '--products', '500']);
      expectSuccess(seeded);
      expect(seeded.stdout).toMatch(/500/);
      const page = await platform.get('/v1/products?page_size=3');
      expect(page.status).toBe(200);
      const { products, nextPageToken } = JSON.parse(page.body) as {
        products: readonly { productId: string }[];
        nextPageToken: string;
      };
      expect(products).toHaveLength(3);
      expect(nextPageToken).not.toBe('');
      const one = await platform.get(`/v1/products/${String(products[0]?.productId)}`);
      expect(one.status).toBe(200);
      expect(JSON.parse(one.body)).toEqual(products[0]);
    },
    3 * minutes,
  );

  test(
    'a mistake in a request is answered as a problem, never as a failure of ours',
    async () => {
      for (const [target, status] of [
        ['/v1/products?page_size=abc', 400],
        ['/v1/products/none', 404],
        ['/v1/nothing', 404],
      ] as const) {
        const answer = await platform.get(target);
        expect([target, answer.status]).toEqual([target, status]);
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(JSON.parse(answer.body)).toMatchObject({ status });
      }
    },
    minutes,
  );

  test(
    'the gateway answers nobody but the edge',
    async () => {
      const refused = await new Promise<string>((resolve) => {
        const socket = connect({
          host: '127.0.1.16',
          port: platform.portBase,
          ca: readFileSync(path.join(platform.state, 'pki/root.crt')),
          checkServerIdentity: () => undefined,
        });
        // TLS 1.3: the client learns of the refusal only when it reads.
        socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
        socket.setEncoding('utf8');
        socket.on('data', () => resolve('answered'));
        socket.on('error', (error: Error) => resolve(error.message));
        socket.on('close', () => resolve('closed'));
      });
      expect(refused).toMatch(/certificate required/);
    },
    minutes,
  );

  test(
    'a second start of an unchanged tree changes nothing and says so',
    async () => {
      const result = await up();
      expect(Object.keys(result.changes)).toEqual(['same']);
      const spoken = await platform.run(['up']);
      expect(spoken.stdout).toMatch(/Nothing changed: all \d+ resources are as the program says/);
    },
    3 * minutes,
  );

  test(
    'a preview shows one changed setting, and just that',
    async () => {
      const unchanged = await platform.run(['preview']);
      expectSuccess(unchanged);
      expect(unchanged.stdout).not.toMatch(/to (create|update|replace|delete)/);
      const changed = await platform.run(['preview', '-c', 'leafLifetimeSeconds=1800']);
      expectSuccess(changed);
      expect(changed.stdout).toMatch(/~ 4 to update/);
      expect(changed.stdout).not.toMatch(/to (create|replace|delete)/);
    },
    3 * minutes,
  );

  test(
    'plain Pulumi works with what `meridian env` prints',
    async () => {
      const env = await platform.run(['env']);
      expectSuccess(env);
      const told = await platform.run(['env', '--json']);
      expectSuccess(told);
      const backend = pathToFileURL(path.join(platform.state, 'pulumi')).href;
      expect(env.stdout).toContain(`PULUMI_BACKEND_URL=${shellQuoted(backend)}\n`);
      const passphrase = readFileSync(path.join(platform.state, 'passphrase'), 'utf8');
      expect(env.stdout).not.toContain(passphrase);
      expect(told.stdout).not.toContain(passphrase);
      expect(JSON.parse(told.stdout)).toMatchObject({
        environment: { PULUMI_BACKEND_URL: backend },
        folder: path.join(platform.state, 'bin'),
      });
      const stack = parse(
        readFileSync(path.join(platform.state, 'config/Pulumi.local.yaml'), 'utf8'),
      ) as Record<string, unknown>;
      expect(stack['encryptionsalt']).toEqual(expect.any(String));
    },
    minutes,
  );

  test(
    'a replica that is killed is healed by its agent',
    async () => {
      const before = await catalogOf('b');
      expect(before?.pid).toEqual(expect.any(Number));
      process.kill(before?.pid ?? Number.NaN, 'SIGKILL');
      const after = await eventually(
        () => catalogOf('b'),
        (status) => status?.state === 'ready' && status.pid !== before?.pid,
      );
      expect(after?.restarts).toBe((before?.restarts ?? 0) + 1);
    },
    2 * minutes,
  );

  test(
    'a killed agent takes its whole zone down, and reads go on from the other two',
    async () => {
      const agent = await platform.agent('b').status();
      const members = [agent.pid, ...agent.processes.flatMap(({ pid }) => pid ?? [])];
      expect(members.length).toBeGreaterThanOrEqual(3);
      await using reading = readWhile(platform);
      process.kill(agent.pid, 'SIGKILL');
      await eventually(
        () => platform.processes().filter(({ pid }) => members.includes(pid)),
        (left) => left.length === 0,
      );
      // Long enough for every client and the edge to have met the dead replicas.
      await eventually(
        () => reading.count,
        (count) => count >= 100,
        2 * minutes,
      );
      const { failures, count } = await reading.end();
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThanOrEqual(100);
      expect(await health()).toContainEqual(
        expect.objectContaining({ zone: 'b', health: 'agent not running' }),
      );
    },
    4 * minutes,
  );

  test(
    'a refresh shows a dead agent as drift, and the next start brings its zone back',
    async () => {
      const result = await up();
      expect(result.changes['update']).toBeGreaterThanOrEqual(1);
      expect(
        result.health
          .filter(({ zone }) => zone === 'b')
          .map(({ service, health: state }) => `${service} ${state}`),
      ).toEqual(['catalog ready', 'gateway ready', 'identity ready', 'kafka-b ready']);
      expect(Object.keys((await up()).changes)).toEqual(['same']);
    },
    4 * minutes,
  );

  test(
    'another clone is refused and told which one runs',
    async () => {
      const outcome = await platform.run(['up'], { MERIDIAN_CLONE: '/another/clone' });
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/is running from .*\[PLATFORM_FOREIGN\]/s);
    },
    minutes,
  );

  test(
    'stop leaves no process, and the data survive the next start, which warns of nothing',
    async () => {
      const stopped = await platform.run(['stop', '--json']);
      expectSuccess(stopped);
      expect(JSON.parse(stopped.stdout)).toEqual({ stopped: ['a', 'b', 'c', 'edge'] });
      expect(platform.processes()).toEqual([]);
      const started = await platform.run(['up', '--json']);
      expectSuccess(started);
      expect(started.stderr).not.toMatch(/warning/i);
      // What had been stopped is started again, and nothing else is changed.
      const { changes, startedAgain } = JSON.parse(started.stdout) as UpResult;
      expect(changes).toEqual({ same: expect.any(Number), update: startedAgain });
      const page = await platform.get('/v1/products?page_size=1');
      expect(JSON.parse(page.body)).toMatchObject({ products: [expect.anything()] });
    },
    4 * minutes,
  );

  test('no key and no passphrase lies in the state that Pulumi keeps', async () => {
    const exported = readFileSync(
      path.join(platform.state, 'pulumi/.pulumi/stacks/meridian/local.json'),
      'utf8',
    );
    expect(exported).toMatch(/fingerprint/i);
    expect(exported).not.toMatch(/PRIVATE KEY/);
    expect(exported).not.toContain(readFileSync(path.join(platform.state, 'passphrase'), 'utf8'));
    await Promise.resolve();
  });

  test(
    'destroy asks first, and then leaves nothing',
    async () => {
      const unasked = await platform.run(['destroy']);
      expect(unasked.code).toBe(1);
      expect(unasked.stderr).toMatch(/--yes.*\[CONFIRMATION_NEEDED\]/s);
      const destroyed = await platform.run(['destroy', '--yes', '--json']);
      expectSuccess(destroyed);
      expect(JSON.parse(destroyed.stdout)).toEqual({ removed: true });
      expect(platform.processes()).toEqual([]);
      const status = await platform.run(['status']);
      expect(status.stdout).toMatch(/There is no local platform/);
    },
    3 * minutes,
  );

  async function catalogOf(zone: string) {
    return await platform.agent(zone).getProcess(`catalog-${zone}-0`);
  }
});
