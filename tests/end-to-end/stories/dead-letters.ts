import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, test } from '@jest/globals';
import { AccountDeletedSchema } from '@meridian/identity/contract/gen/meridian/identity/v1/events_pb.js';
import { identityEvents } from '@meridian/identity/topics.ts';
import { cloudEventHeaders } from '@meridian/kit/events/cloud-event.ts';
import type { OutgoingRecord } from '@meridian/kit/events/publisher.ts';
import { KafkaPublisher } from '@meridian/kit/kafka/kafka-publisher.ts';
import { openAsAdministrator } from '../../../tools/events/administrator.ts';
import type { Ground } from '../ground.ts';
import { eventually, expectSuccess } from '../platform-under-test.ts';
import type { Outcome } from '../platform-under-test.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** An account that nobody has, and what was published of it: garbage first, then what orders can handle. */
interface Poisoned {
  readonly account: string;
  readonly garbage: string;
  readonly later: string;
}

export const deadLetters: Story = {
  title: 'an event that nobody can handle',
  tell: (ground) => {
    const given: Poisoned[] = [];
    beforeAll(async () => {
      given.push(
        ...[1, 2].map(() => ({
          account: randomUUID(),
          garbage: randomUUID(),
          later: randomUUID(),
        })),
      );
      await publish(ground, given.flatMap(recordsOf));
    }, MINUTES);
    tellOfLetters(ground, given);
  },
};

function recordsOf({ account, garbage, later }: Poisoned): readonly OutgoingRecord[] {
  const deleted = toBinary(
    AccountDeletedSchema,
    create(AccountDeletedSchema, { accountId: account }),
  );
  return [
    [garbage, Buffer.from([0xff, 0xff])] as const,
    [later, Buffer.from(deleted)] as const,
  ].map(([id, value]) => ({
    topic: identityEvents.name,
    key: Buffer.from(account),
    value,
    headers: cloudEventHeaders({
      ...{ id, source: 'spiffe://meridian.local/ns/meridian/sa/nobody', subject: account },
      ...{ type: AccountDeletedSchema.typeName, time: new Date() },
      ...{ causationId: undefined, correlationId: account },
    }),
  }));
}

/** As the program itself may, which administers Kafka. */
async function publish({ platform }: Ground, records: readonly OutgoingRecord[]): Promise<void> {
  const { access, identity } = await openAsAdministrator(platform.folders);
  const publisher = new KafkaPublisher(access.kafka);
  try {
    await publisher.publish(records);
  } finally {
    await publisher.close();
    identity.close();
  }
}

/** What `dlq list` tells. */
interface Listed {
  readonly letters: readonly { readonly id: string; readonly behind: number }[];
}

function tellOfLetters({ platform }: Ground, given: readonly Poisoned[]): void {
  const dlq = (...args: readonly string[]): Promise<Outcome> =>
    platform.run(['dlq', ...args, '--consumer', 'orders']);
  const dropped = ['--reason', 'it was planted', '--yes'];

  test(
    'is listed with what waits behind it, fails again when it is replayed, and is dropped with a reason',
    async () => {
      const [one, other] = given as [Poisoned, Poisoned];
      await eventually(
        async () => JSON.parse((await dlq('list', '--json')).stdout) as Listed,
        ({ letters }) =>
          given.every(({ garbage }) =>
            letters.some(({ id, behind }) => id === garbage && behind === 1),
          ),
      );
      const [shown, replayed, unexplained, drop] = await Promise.all([
        dlq('show', one.garbage, '--json'),
        dlq('replay', one.garbage, '--yes', '--json'),
        dlq('drop', one.garbage, '--yes'),
        dlq('drop', other.garbage, ...dropped, '--json'),
      ]);
      expect(JSON.parse(shown.stdout)).toMatchObject({
        ...{ behind: [one.later], problem: expect.any(String) as unknown },
        letter: { reason: 'MalformedEventError', key: one.account },
      });
      const again = { id: one.garbage, outcome: 'failed again' };
      expect(JSON.parse(replayed.stdout)).toMatchObject({ letters: [again] });
      expect(replayed.code).toBe(1);
      expect([unexplained.code, unexplained.stderr]).toEqual([
        ...[1, expect.stringContaining('DLQ_DROP_INCOMPLETE')],
      ]);
      expectSuccess(drop);
      // What waited behind it was handled: nothing is in the way any more.
      expect(JSON.parse(drop.stdout)).toEqual({
        ...{ action: 'drop', dryRun: false, dropReason: 'it was planted' },
        letter: expect.objectContaining({
          id: other.garbage,
          behind: 1,
          outcome: 'dropped',
        }) as object,
      });
      expect((await dlq('drop', one.garbage, ...dropped)).stdout).toMatch(
        /, and 1 behind it: dropped\n$/,
      );
      expect((await dlq('list')).stdout).toBe('No dead letters.\n');
    },
    2 * MINUTES,
  );
}
