import { describe } from '@jest/globals';
import { keepingRegistry } from './testing/keeping-registry.ts';
import { TEST_LOGIN, testRegistryContract } from './testing/registry-contract.ts';

/** `npm run test:long -- registry` has a real one keep the same contract. */
describe('a registry that others write to', () => {
  testRegistryContract(() => keepingRegistry({ login: TEST_LOGIN }));
});
