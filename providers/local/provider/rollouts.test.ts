import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { TestZone, until } from '../agent/testing/test-zone.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { bindHandler } from './bound-handler.ts';
import { processHandler } from './process.ts';
import type { Context } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';

jest.setTimeout(60_000);

let zone: TestZone;
let stop: AbortController;
let context: Context;

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
});

afterAll(() => zone.dispose());

beforeEach(async () => {
  await zone.clear();
  stop = new AbortController();
  context = operation();
});

/** What the provider of one `pulumi up` works with. */
function operation(): Context {
  return {
    folders: zone.folders,
    signal: stop.signal,
    status: () => undefined,
    warn: () => undefined,
    rollouts: new Rollouts(),
  };
}

const NAMES = ['one', 'two', 'three'] as const;

const handler = bindHandler(processHandler);

const inputsOf = (spec: ProcessSpec) => ({
  zone: 't',
  spec,
  rollingGroup: 'shop',
  state: 'running',
});

/** Replicas that are ready. */
async function replicas(): Promise<readonly ProcessSpec[]> {
  const specs = await Promise.all(NAMES.map((name) => zone.listener(name)));
  await Promise.all(specs.map((spec) => handler.create(inputsOf(spec), context)));
  return specs;
}

const changed = (spec: ProcessSpec, environment: ProcessSpec['environment']): ProcessSpec => ({
  ...spec,
  environment: { ...spec.environment, ...environment },
});

/** Has Pulumi ask for all changes at once. */
const update = (specs: readonly ProcessSpec[]) =>
  Promise.allSettled(specs.map((spec) => handler.update(inputsOf(spec), inputsOf(spec), context)));

const pids = async () => Promise.all(NAMES.map(async (name) => (await zone.status(name)).pid));

test('replicas start together: each of these is ready only when the next one has started', async () => {
  const specs = await Promise.all(
    NAMES.map((name, place) =>
      zone.listener(name, {
        environment: { HEALTHY_AFTER_LINE: `${NAMES[(place + 1) % NAMES.length] ?? ''} started` },
      }),
    ),
  );
  await Promise.all(specs.map((spec) => handler.create(inputsOf(spec), context)));
  expect(await pids()).not.toContain(undefined);
});

test('an update takes one replica after the other, and never two are down', async () => {
  const specs = await replicas();
  const before = await pids();
  const leastReady: number[] = [];
  const updated = update(specs.map((spec) => changed(spec, { RELEASE: '2' })));
  const isOver = updated.then(() => true);
  while (!(await Promise.race([isOver, Promise.resolve(false)]))) {
    const { processes } = await zone.client.status();
    leastReady.push(processes.filter(({ state }) => state === 'ready').length);
  }
  expect((await updated).map(({ status }) => status)).toEqual(NAMES.map(() => 'fulfilled'));
  expect(Math.min(...leastReady)).toBe(NAMES.length - 1);
  expect((await pids()).filter((pid) => before.includes(pid))).toEqual([]);
});

test('a release that does not become ready takes one replica; the others stay as they are', async () => {
  const specs = await replicas();
  const before = await pids();
  const results = await update(specs.map((spec) => changed(spec, { EXIT_CODE: '3' })));
  const reasons = results.map((result) => String(result.status === 'rejected' && result.reason));
  expect(reasons.filter((reason) => /'\w+' before it failed/.test(reason))).toHaveLength(2);
  expect(reasons.filter((reason) => reason.includes('PROCESS_NOT_READY'))).toHaveLength(1);
  expect((await pids()).filter((pid) => before.includes(pid))).toHaveLength(2);

  // The next operation goes on with what is right.
  context = operation();
  const repaired = await update(specs.map((spec) => changed(spec, { RELEASE: '3' })));
  expect(repaired.map(({ status }) => status)).toEqual(NAMES.map(() => 'fulfilled'));
});

test('a change that waits for its turn when the user stops is not begun', async () => {
  const specs = await replicas();
  const before = await pids();
  const never = specs.map((spec) => changed(spec, { HEALTHY_AFTER_LINE: 'never' }));
  const updated = update(never);
  await until('a replica is asked to stop', async () => {
    const asked = await Promise.all(NAMES.map((name) => zone.noted(`${name} asked-to-stop`)));
    return asked.flat().length > 0;
  });
  stop.abort();
  const results = await updated;
  expect(results.map(({ status }) => status)).toEqual(NAMES.map(() => 'rejected'));
  expect((await pids()).filter((pid) => before.includes(pid)).length).toBeGreaterThanOrEqual(2);
});
