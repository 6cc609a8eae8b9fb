import type { PasswordCost } from '../password-hash.ts';

/** What a guess costs where a test asks for what becomes of a password, not for how dear it is: a thousandth. */
export const TEST_COST: PasswordCost = { memoryKib: 32, passes: 1, parallelism: 1 };
