import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import { FollowedLogs } from './followed-logs.ts';
import { removeStandIns } from './platform-view.ts';
import { ReplicaSwap } from './replica-swap.ts';
import { SmallService } from './testing/small-service.ts';

jest.setTimeout(60_000);

let small: SmallService;
let swap: ReplicaSwap;
let said: string[];
let logs: FollowedLogs;
/** What the log that is followed has shown. */
let shown: string[];
let isFollowed: boolean;

const never = new AbortController().signal;
const take = (signal = never): Promise<unknown> => swap.swap(small.developed, { signal });

function open(): void {
  said = [];
  shown = [];
  isFollowed = true;
  logs = new FollowedLogs((line) => shown.push(line));
  swap = new ReplicaSwap('web', {
    folders: small.zone.folders,
    exclusively: (work) => work(),
    say: (line) => said.push(line),
    started: (...started) => {
      if (isFollowed) logs.follow(...started);
    },
    showsLog: (process) => logs.catchUp(process),
  });
}

beforeAll(async () => {
  small = await SmallService.start();
  open();
});
afterEach(async () => {
  await swap.settle();
  logs.close();
  await small.reset();
  open();
});
afterAll(() => small.zone.dispose());

/** Asks all the time until `work` is done; every answer there was. */
async function askedWhile(work: () => Promise<unknown>): Promise<readonly string[]> {
  const answers: string[] = [];
  let asking = true;
  const ask = async (): Promise<void> => {
    while (asking) answers.push(await small.ask(5));
  };
  const readers = [ask(), ask()];
  try {
    await work();
  } finally {
    asking = false;
    await Promise.all(readers);
  }
  return answers;
}

describe('code that was edited', () => {
  test('takes over from the program as a whole, and nothing is refused', async () => {
    const answers = await askedWhile(async () => {
      for (const answer of ['second', 'third', 'fourth']) {
        small.save({ answer });
        await take();
        expect(await small.ask()).toBe(answer);
      }
    });
    const before = [...new Set(answers)].filter((answer) => answer !== 'fourth');
    expect(before).toEqual(['first', 'second', 'third']);
    await swap.settle();
    // The program's own rests where it was, for Pulumi to find.
    expect(await small.replicas()).toEqual(['web-t-0 idle', 'web-t-5 ready']);
    expect(said).toEqual([]);
  });

  test('is asked what is asked from then on, while what was asked before is answered by the old', async () => {
    const slow = small.ask(1_500);
    small.save({ answer: 'second' });
    await take();
    expect(await small.ask()).toBe('second');
    await swap.settle();
    expect(await slow).toBe('first');
  });

  test('that does not load gets no request, and says why', async () => {
    small.save({ answer: 'second', first: "throw new Error('not like this');" });
    const answers = await askedWhile(() =>
      expect(take()).rejects.toMatchObject({
        code: 'DEV_NOT_LOADED',
        message:
          "Service 'web': the edited code must load and be ready, got exit code 1; the old goes on",
      }),
    );
    expect([...new Set(answers)]).toEqual(['first']);
    expect(await small.replicas()).toEqual(['web-t-0 ready']);
    // Before the message, which does not repeat it.
    expect(shown.join('\n')).toMatch(/^web-t-\d \| .*Error: not like this$/m);
  });

  test('that a signal ends before it is ready says which', async () => {
    small.save({ answer: 'second', first: "process.kill(process.pid, 'SIGKILL');" });
    await expect(take()).rejects.toThrow('got signal SIGKILL; the old goes on');
  });

  test('that ends within its first seconds is taken back, and says why', async () => {
    small.save({ answer: 'second', endsAfterMs: 300 });
    await take();
    await until('it is taken back', () => said.length > 0);
    expect(said).toEqual([
      "Service 'web': the edited code ended within seconds with exit code 3, and the old serves again",
    ]);
    expect(shown).toContainEqual(expect.stringMatching(/^web-t-\d \| gives up$/));
    expect(await small.ask()).toBe('first');
    expect(await small.replicas()).toEqual(['web-t-0 ready']);
  });

  test('shows the end of its log in the message when nobody follows the log any more', async () => {
    isFollowed = false;
    small.save({ answer: 'second', endsAfterMs: 300 });
    await take();
    await until('it is taken back', () => said.length > 0);
    expect(said.join('\n')).toMatch(/exit code 3, and the old serves again:\n {2}gives up/);
  });

  test('that was given up before it was ready never takes over', async () => {
    small.save({ answer: 'second', first: 'await new Promise((go) => setTimeout(go, 60_000));' });
    const given = new AbortController();
    const taken = take(given.signal);
    await until('it has started', async () => (await small.replicas()).length === 2);
    given.abort();
    await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
    expect(await small.replicas()).toEqual(['web-t-0 ready']);
    expect(await small.ask()).toBe('first');
  });

  test('goes on beside the program until a start removes what stands in', async () => {
    small.save({ answer: 'second' });
    await take();
    await swap.settle();
    await removeStandIns(small.zone.folders);
    expect(await small.replicas()).toEqual(['web-t-0 idle']);
  });
});
