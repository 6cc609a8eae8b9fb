import { expect, test } from '@jest/globals';
import { audit } from './audit.ts';

test('a key that was mistyped is refused as what it is: no defect', async () => {
  const checking = audit('check', 'proof.txt', { trust: 'meridian.local/audit/1+nonsense' });
  await expect(checking).rejects.toMatchObject({
    code: 'AUDIT_REFUSED',
    message: expect.stringMatching(/^Key 'meridian\.local\/audit\/1\+nonsense': must /) as unknown,
  });
});

test.each([
  '05.11.2026',
  '12',
  '2026-11-27',
  '2026-11-27T09:30:00',
  '2026-02-30T09:30:00Z',
  '2026-13-01T00:00:00Z',
])('the time %s is refused: it is none, or has no zone', async (at) => {
  const asking = audit('state', 'order', { at });
  await expect(asking).rejects.toMatchObject({ code: 'AUDIT_TIME_INVALID' });
});

test('what cannot be an id is in no history', async () => {
  await expect(audit('log', 'a b', {})).rejects.toMatchObject({ code: 'AUDIT_ENTITY_UNKNOWN' });
});
