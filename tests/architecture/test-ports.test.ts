import { expect, test } from '@jest/globals';
import { WORKERS } from '@meridian/provider-local/testing/free-port.ts';
import config from '../../jest.config.js';

test('each of the workers that run tests has ports of its own', () => {
  expect(WORKERS).toBe(config.maxWorkers);
});
