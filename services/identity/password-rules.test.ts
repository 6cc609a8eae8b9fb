import { describe, expect, test } from '@jest/globals';
import { passwordProblem } from './password-rules.ts';

const KEY = 'ann.smith.shop@example.com';

describe('a password', () => {
  test.each([
    'correct horse battery',
    'twelve chars',
    't k w r q z p m',
    'пароль-от-магазина',
    '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧',
    'x'.repeat(60) + 'abcde'.repeat(13) + 'z',
  ])('such as %j is taken', (password) => {
    expect(passwordProblem(password, KEY)).toBeUndefined();
  });

  test.each([
    ['aaaaaaaaaaaa', /guessed first/],
    ['abababababab', /guessed first/],
    ['123456789012', /guessed first/],
    ['210987654321', /guessed first/],
    ['Password1234', /guessed first/],
    ['1234password!!', /guessed first/],
    ['passwordpassword', /guessed first/],
    ['qwertyuiop123', /guessed first/],
    ['Meridian-2026!', /guessed first/],
    ['ＰＡＳＳＷＯＲＤ２０２６', /guessed first/],
    ['correct-horse-battery-staple', /guessed first/],
    [KEY.toUpperCase(), /must not be the e-mail address/],
    ['Ann.Smith.Shop', /must not be the e-mail address/],
  ])('such as %j is refused in words that do not repeat it', (password, problem) => {
    const found = passwordProblem(password, KEY);
    expect(found).toMatch(problem);
    expect(found).not.toContain(password);
  });
});
