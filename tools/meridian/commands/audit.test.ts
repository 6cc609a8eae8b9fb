import { expect, test } from '@jest/globals';
import { audit } from './audit.ts';

test('a key that was mistyped is refused as what it is: no defect', async () => {
  const checking = audit('check', 'proof.txt', { trust: 'meridian.local/audit/1+nonsense' });
  await expect(checking).rejects.toMatchObject({
    code: 'AUDIT_REFUSED',
    message: expect.stringMatching(/^Key 'meridian\.local\/audit\/1\+nonsense': must /) as unknown,
  });
});
