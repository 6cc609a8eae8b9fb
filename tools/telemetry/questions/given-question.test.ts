import { describe, expect, test } from '@jest/globals';
import { givenQuestion } from './given-question.ts';

describe('what `meridian logs` is given', () => {
  test.each([
    [{ trace: 't' }, { by: 'trace', traceId: 't' }],
    [{ request: 'r' }, { by: 'request', requestId: 'r' }],
    [{ text: 'x' }, { by: 'text', text: 'x' }],
    [
      { text: 'x', service: 's' },
      { by: 'text', text: 'x', service: 's' },
    ],
    [{ service: 's' }, { by: 'service', service: 's', level: 'info' }],
    [
      { service: 's', level: 'error' },
      { by: 'service', service: 's', level: 'error' },
    ],
    [
      { service: 's', release: '2' },
      { by: 'release', service: 's', version: '2' },
    ],
    [{}, undefined],
  ])('%j is a question', (given, question) => {
    expect(givenQuestion(given)).toEqual(question);
  });

  test.each([
    [
      { trace: 't', text: 'x' },
      "'--trace': must be given without another question, got it beside --text",
    ],
    [{ level: 'warn' }, "'--level': must be given with the service that it is about, got none"],
    [{ release: '2' }, "'--release': must be given with the service"],
    [
      { service: 's', level: 'loud' },
      "'--level': must be one of trace, debug, info, warn, error, fatal, got 'loud'",
    ],
  ])('%j is refused', (given, message) => {
    expect(() => givenQuestion(given)).toThrow(message);
  });
});
