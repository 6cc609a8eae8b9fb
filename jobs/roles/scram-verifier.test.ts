import { expect, test } from '@jest/globals';
import { scramVerifier } from './scram-verifier.ts';

test('a verifier is what PostgreSQL makes of the same password and salt', () => {
  // Of RFC 7677, section 3: its keys are those of the password 'pencil' with this salt.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(scramVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('is another one each time', () => {
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
});
