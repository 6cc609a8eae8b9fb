import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Injected } from '../../tools/drill/injected.ts';
import { Pager } from '../../tools/drill/pager.ts';
import { PlatformView } from '../../tools/drill/platform-view.ts';
import { smallTimeSteps } from '../../tools/drill/small-time-steps.ts';
import { traffic } from '../../tools/drill/traffic.ts';
import { rulesInSmallTime } from '../../tools/meridian/commands/drill.ts';
import { eventually, expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { copyProgram } from '../end-to-end/program-copy.ts';
import { endPlatform } from './start-platform.ts';

const minutes = 60_000;
const BLIND = 'AlertBlind';

/** A change of the kit's code that a reviewer may pass over: what it takes away, in which file, and who must be named. */
interface KitMutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly about: readonly string[];
}

const MUTANTS: Readonly<Record<string, KitMutant>> = {
  'servers do not count the calls that they answer': {
    file: 'services/kit/rpc/rpc-metrics.ts',
    from: '      outcomes.observe(',
    to: '      name !== METRICS.rpcServerCallDuration && outcomes.observe(',
    // Those that are asked all the time; another may stand still for a while since nobody asks it.
    about: ['catalog', 'search'],
  },
  'the age of what waits in an outbox is told under another name': {
    file: 'services/kit/events/event-metrics.ts',
    from: 'name: METRICS.outboxOldestAge',
    to: 'name: METRICS.outboxUnpublished',
    about: ['catalog', 'identity', 'orders', 'payments'],
  },
};

/** The whole platform from a copy of the program, so that its code can be changed under it. */
describe('a platform whose kit no longer says what alerts read', () => {
  let platform: PlatformUnderTest;
  let program: string;

  const up = async (): Promise<void> => {
    expectSuccess(await platform.run(['up', ...platform.ports, '-c', 'telemetry=true']));
  };

  beforeAll(async () => {
    platform = await PlatformUnderTest.create({
      program: (home) => {
        program = path.join(home, 'program');
        copyProgram(program);
        return program;
      },
    });
    await up();
    expectSuccess(
      await platform.run(['seed', '--products', '200', '--accounts', '20', '--orders', '20']),
    );
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each(Object.entries(MUTANTS))(
    'tells that alerts cannot see: %s',
    async (_name, { file, from, to, about }) => {
      const source = path.join(program, file);
      const sound = readFileSync(source, 'utf8');
      expect(sound.split(from)).toHaveLength(2);
      const { folders } = platform;
      const view = await PlatformView.open(folders);
      const injected = await Injected.open(folders);
      writeFileSync(source, sound.replace(from, to));
      try {
        await up();
        // After it: a start gives Prometheus its own rules again.
        await injected.apply(await smallTimeSteps(view, await rulesInSmallTime(folders)));
        await using users = new AsyncDisposableStack();
        users.use(await traffic(folders, view));
        const pager = new Pager(view);
        const sinceMs = Date.now();
        const told = await eventually(
          async () => (await pager.toldSince(sinceMs)).filter(({ alert }) => alert === BLIND),
          (found) => about.every((service) => found.some((one) => one.about === service)),
          5 * minutes,
        );
        expect(told.map(({ severity }) => severity)).toEqual(told.map(() => 'ticket'));
        expect(told.map(({ runbook }) => path.basename(runbook))).toEqual(
          told.map(() => 'alert-blind.md'),
        );
      } finally {
        writeFileSync(source, sound);
        await injected.takeBack();
      }
    },
    25 * minutes,
  );
});
