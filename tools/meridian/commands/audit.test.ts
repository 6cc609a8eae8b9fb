import { expect, test } from '@jest/globals';
import { audit } from './audit.ts';
import type { AuditOptions } from './audit.ts';

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

test.each([
  ['log', undefined, "must be log <id of an order, a request or an entity>, got 'log'; give it so"],
  ['head', 'order', "must be head, got 'head order'; give it so"],
  ['lock', undefined, "baseline, got 'lock'; give one of them"],
])('%s with %s is answered with its form', async (action, about, message) => {
  await expect(audit(action, about, {})).rejects.toMatchObject({
    code: 'AUDIT_ACTION_UNKNOWN',
    message: expect.stringContaining(message) as unknown,
  });
});

const there = { url: 'https://meridian.example' };

test.each([
  ['reconcile', "create job --from=cronjob/audit-reconciliation' and a name"],
  ['baseline', "create job --from=cronjob/audit-baseline' and a name"],
  ['successor', "create job --from=cronjob/audit-succession' and a name"],
  ['tamper', 'of the platform on this machine, and of no other'],
])('%s is refused from outside, with where it is done instead', async (action, instead) => {
  await expect(audit(action, undefined, there)).rejects.toMatchObject({
    code: 'AUDIT_ONLY_INSIDE',
    message: expect.stringContaining(instead) as unknown,
  });
});

test.each<readonly [string, string, AuditOptions, RegExp]>([
  ['log', 'no address', { url: 'meridian.example' }, /^Option '--url': must be the address/],
  ['log', 'one that others read', { url: 'http://meridian.example' }, /^Option '--url'/],
  ['log', 'no token', there, /^Option '--token': must name a file/],
  ['head', 'no published heads', there, /^Option '--published'/],
  ['keys', 'no root', { published: '/nowhere' }, /^Option '--root'/],
  [
    'keys',
    'heads that whoever is on the way can leave out',
    { published: 'http://heads.example/audit' },
    /^Option '--published': .* by https/,
  ],
])('%s with %s says what is to be given', async (action, _what, options, message) => {
  const asking = audit(action, action === 'log' ? 'order' : undefined, options);
  await expect(asking).rejects.toMatchObject({
    code: 'AUDIT_OPTION_UNUSABLE',
    message: expect.stringMatching(message) as unknown,
  });
});
