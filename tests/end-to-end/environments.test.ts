import { expect, test } from '@jest/globals';
import { runIn } from './environment-run.ts';
import { ENVIRONMENTS } from './environment.ts';

const always = ENVIRONMENTS.filter((one) => one.always);

// A preview runs the whole program under Pulumi and starts nothing that stays.
test(`the program is previewed with ${always.map(({ name }) => name).join(', and ')}`, async () => {
  expect.hasAssertions();
  await runIn(always, 'preview');
}, 300_000);
