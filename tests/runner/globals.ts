import { ModuleMocker } from 'jest-mock';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from 'jest-circus';
export { jestExpect as expect } from '@jest/expect';

const mocker = new ModuleMocker(globalThis);

/** What suites use of jest's object; modules are loaded by Node.js itself, and cannot be replaced. */
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  replaceProperty: mocker.replaceProperty.bind(mocker),
  restoreAllMocks: (): void => mocker.restoreAllMocks(),
  /** Where jest-circus looks for it (jest-circus, types.ts, TEST_TIMEOUT_SYMBOL). */
  setTimeout: (timeoutMs: number): void => {
    Reflect.set(globalThis, Symbol.for('TEST_TIMEOUT_SYMBOL'), timeoutMs);
  },
};
