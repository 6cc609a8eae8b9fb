import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RolloutOrder } from '@meridian/jobs/rollout-healthy/rollout-order.ts';
import { ApiServerStandIn } from './api-server-stand-in.ts';
import { runProgram } from './job-process.ts';
import type { JobResult } from './job-process.ts';

const PATH = '/apis/argoproj.io/v1alpha1/namespaces/sample/rollouts/shelf';

const order: RolloutOrder = {
  namespace: 'sample',
  name: 'shelf',
  release: '1.2.3+abc',
  timeoutMs: 60_000,
};

describe('the Job that waits for a Rollout', () => {
  let api: ApiServerStandIn;

  beforeEach(async () => {
    api = await ApiServerStandIn.start();
  });

  afterEach(() => api.stop());

  const run = (given: RolloutOrder = order): Promise<JobResult> =>
    runProgram('rollout-healthy', given, { environment: api.environment });

  /** What Argo says from the next read on. */
  const say = (generation: number, observedGeneration: number, status: object): void =>
    api.put(PATH, {
      metadata: { name: 'shelf', generation },
      status: { observedGeneration: String(observedGeneration), ...status },
    });

  test('ends well when the newest generation is healthy', async () => {
    say(4, 4, { phase: 'Healthy' });
    expect(await run()).toEqual({
      exitCode: 0,
      stdout: "Rollout 'shelf' is healthy (release 1.2.3+abc)\n",
      stderr: '',
    });
  });

  test('does not take the health of the release before for that of this one', async () => {
    say(5, 4, { phase: 'Healthy' });
    const phases = [
      () => say(5, 5, { phase: 'Progressing' }),
      () => say(5, 5, { phase: 'Paused', message: 'CanaryPauseStep' }),
      () => say(5, 5, { phase: 'Healthy' }),
    ];
    let reads = 0;
    // Each is seen once: it changes after it was answered, that is before the next is.
    api.onRead = () => {
      if (reads > 0) phases[reads - 1]?.();
      reads += 1;
    };
    expect((await run()).exitCode).toBe(0);
    expect(reads).toBe(1 + phases.length);
  });

  test('fails with what Argo says when the Rollout is degraded', async () => {
    say(5, 5, { phase: 'Degraded', abort: true, message: 'Metric "errors" assessed Failed' });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "ROLLOUT_DEGRADED: Rollout 'shelf' in namespace 'sample' (release 1.2.3+abc): Degraded, aborted, Metric \"errors\" assessed Failed; the release before serves on; fix the release, or go back to it in the program too\n",
    );
  });

  test('fails where nothing can be said of a release, which waits for a person', async () => {
    say(5, 5, { phase: 'Paused', message: 'InconclusiveAnalysisRun' });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "ROLLOUT_PAUSED: Rollout 'shelf' in namespace 'sample' (release 1.2.3+abc): Paused, InconclusiveAnalysisRun; nothing could be said of the release",
    );
  });

  test.each([
    ['a server that is overloaded', [429, 503]],
    ['a server that fails', [500, 'no JSON']],
    ['a connection that ends', ['ends', 'ends']],
    ['a token that was just replaced, and a right that is not known yet', [401, 403]],
  ] as const)('asks again after %s', async (_what, failures) => {
    say(4, 4, { phase: 'Healthy' });
    api.failures.push(...failures);
    expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(api.failures).toEqual([]);
  });

  test('says what it met when its time is over', async () => {
    api.failures.push(503, 503);
    const { exitCode, stderr } = await run({ ...order, timeoutMs: 0 });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^API_REFUSED: API server: GET \S+ got 503: in trouble/);
    expect(api.failures).toEqual([503]);
  });

  test('does not ask again what has one answer', async () => {
    api.failures.push(400, 400);
    expect((await run()).stderr).toMatch(/^API_REFUSED: API server: GET \S+ got 400/);
    expect(api.failures).toEqual([400]);
  });

  test('is not taken in by what a Rollout was before the release', async () => {
    say(6, 5, { phase: 'Degraded', abort: true });
    const { stderr } = await run({ ...order, timeoutMs: 0 });
    expect(stderr).toContain('ROLLOUT_NOT_HEALTHY');
  });

  test('fails when it takes too long, or when there is no Rollout', async () => {
    say(5, 5, { phase: 'Paused', message: 'BlueGreenPause' });
    expect((await run({ ...order, timeoutMs: 0 })).stderr).toBe(
      "ROLLOUT_NOT_HEALTHY: Rollout 'shelf' in namespace 'sample' (release 1.2.3+abc): Paused, BlueGreenPause; not healthy after 0 s\n",
    );
    expect((await run({ ...order, name: 'door', timeoutMs: 0 })).stderr).toContain('there is none');
  });
});
