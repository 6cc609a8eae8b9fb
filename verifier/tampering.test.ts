import { test } from '@jest/globals';
import { tamperedLog, tamperRandomly } from './testing/tampering.ts';

test('of 100 random changes of a log each is detected, and its place named', async () => {
  await tamperRandomly(tamperedLog(1300), { times: 100, seed: 1 });
});
