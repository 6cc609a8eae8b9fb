import { describe, expect, test } from '@jest/globals';
import { checkSpiffeId, spiffeIdOf } from './spiffe.ts';

const ID = 'spiffe://meridian.local/ns/meridian/sa/catalog';

describe('a SPIFFE ID', () => {
  test.each([
    [`URI:${ID}`, ID],
    [`DNS:localhost, URI:${ID}, IP Address:127.0.0.1`, ID],
    ['', undefined],
    ['DNS:localhost', undefined],
    ['URI:https://meridian.local/catalog', undefined],
    // Two identities are none. Source: SPIFFE X.509-SVID, section 2.
    [`URI:${ID}, URI:spiffe://meridian.local/ns/meridian/sa/gateway`, undefined],
    [`URI:${ID}, URI:https://example.com`, undefined],
    // Quoted by Node.js, because the name has a comma: it must not be taken apart.
    [`DNS:"a, URI:${ID}"`, undefined],
    [`DNS:"a, URI:${ID}, DNS:b"`, undefined],
  ])('of %s is %s', (subjectaltname, expected) => {
    expect(spiffeIdOf({ subjectaltname })).toBe(expected);
  });

  test('is all that a server is verified by', () => {
    const check = checkSpiffeId(ID);
    expect(check('any.host', { subjectaltname: `URI:${ID}` } as never)).toBeUndefined();
    expect(check('catalog', { subjectaltname: 'DNS:catalog' } as never)?.message).toBe(
      `the peer's certificate is for no SPIFFE ID, not for ${ID}`,
    );
  });
});
