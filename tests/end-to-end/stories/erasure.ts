import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { emailDigestOf, emailKeyOf } from '@meridian/identity/email-address.ts';
import { keptAt } from '../../retention/kept.ts';
import { MarkedPerson, offerWare } from '../marked-person.ts';
import { eventually } from '../platform-under-test.ts';
import type { Ground } from '../ground.ts';
import type { Found } from '../stores/found.ts';
import { lookEverywhere } from '../stores/stores.ts';
import { MINUTES } from '../story.ts';
import type { Story } from '../story.ts';

/** In everything that somebody writes about themselves, and nowhere else. */
const MARK = `planted-${randomUUID().slice(0, 8)}`;
/** In the name of a product: by it the search is seen to find in each kind of store. */
const WARE = `ware-${randomUUID()}`;

/** What the search must find before anything is deleted, or it finds nothing. */
const WRITTEN = [
  ...['database identity accounts', 'database identity idempotency_keys'],
  ...['database orders orders', 'database orders idempotency_keys'],
  'file data/a/payment-provider-stand-in/journal.jsonl',
];
/** What is kept for a payment that is under way is gone by then: both orders have ended. */
const SETTLED = ['database orders orders', 'database payments operations'];
const SHOWN = [
  ...['database catalog products', 'database catalog outbox', 'topic catalog.events.v1'],
  ...['index products', 'keys catalog:'],
];

export const erasure: Story = {
  title: 'somebody who leaves',
  tell: ({ platform }: Ground) => {
    let person: MarkedPerson;
    let digest: string;

    const look = () => lookEverywhere(platform, [MARK, WARE, digest, person.accountId]);
    const withText = (found: readonly Found[], text: string): readonly string[] =>
      found.filter(({ texts }) => texts.includes(text)).map(({ place }) => place);

    beforeAll(async () => {
      const productId = await offerWare(platform, WARE);
      person = await MarkedPerson.register(platform, MARK);
      digest = emailDigestOf(emailKeyOf(person.email)).toString('hex');
      await Promise.all([person.buyAndCancel(productId), person.wander(productId)]);
      await person.lookAt(productId);
    }, MINUTES);

    test(
      'has left what they wrote where docs/retention.md says that it may be, and in no log',
      async () => {
        const found = await look();
        expect(withText(found, WARE)).toEqual(expect.arrayContaining(SHOWN));
        expect(withText(found, digest)).toContain('database identity sign_in_attempts');
        // Logs have ids, so they are read.
        expect(withText(found, person.accountId).filter(isLog)).not.toEqual([]);
        const marked = withText(found, MARK);
        expect(marked).toEqual(expect.arrayContaining(WRITTEN));
        expect(marked.filter((place) => !mayHold(place, 'until the deletion'))).toEqual([]);
        // A store that nothing is said of; of files only where something is found.
        const stores = found.map(({ place }) => place).filter((place) => !isFile(place));
        expect(stores.filter((place) => keptAt(place).length === 0)).toEqual([]);
      },
      MINUTES,
    );

    test(
      'is gone with the account, but where docs/retention.md gives it a time',
      async () => {
        await person.leave();
        const left = await eventually(
          async () => {
            const found = await look();
            return [...withText(found, MARK), ...withText(found, digest)];
          },
          (places) =>
            places.every((place) => mayHold(place, 'for a time') && !SETTLED.includes(place)),
        );
        // Who finds nothing at all does not look any more.
        expect(left).toContain('database identity idempotency_keys');
      },
      2 * MINUTES,
    );
  },
};

const isFile = (place: string): boolean => place.startsWith('file ');
const isLog = (place: string): boolean => /^file state\/zones\/[^/]+\/logs\//.test(place);

function mayHold(place: string, when: 'until the deletion' | 'for a time'): boolean {
  return keptAt(place).some(
    ({ writing }) => writing === 'for a time' || (writing !== 'never' && writing === when),
  );
}
