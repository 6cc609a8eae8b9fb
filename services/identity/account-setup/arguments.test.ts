import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { accountArguments } from './arguments.ts';

const EMAIL = 'merchant@meridian.local';

const folder = mkdtempSync(join(tmpdir(), 'account-setup-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('the password is that of the file, without the end of its line', () => {
  const file = join(folder, 'password');
  writeFileSync(file, 'marker nine\n');
  const password = 'marker nine';
  expect(accountArguments(['support', EMAIL, file])).toEqual({
    ...{ role: 'support', email: EMAIL, password },
  });
});

test.each([
  [['merchant', EMAIL], /takes 3 arguments, .* got 2;/],
  [['merchant', EMAIL, '/no/such', 'more'], /takes 3 arguments, .* got 4;/],
  [['merchant', EMAIL, '/no/such'], /got '\/no\/such', .* \(ENOENT\)/],
  [['owner', EMAIL, '/no/such'], /must be one of merchant, support, auditor, got 'owner'/],
])('of %j it says what to fix', (given, message) => {
  const read = () => accountArguments(given);
  expect(read).toThrow(expect.objectContaining({ code: 'KIT_CONFIGURATION' }));
  expect(read).toThrow(message);
});
