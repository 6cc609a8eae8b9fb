import { registerHooks } from 'node:module';
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';
import { jestExpect } from '@jest/expect';
import { addEventHandler, getState, run } from 'jest-circus';
import type { SuiteOrder, SuiteOutcome, TestOutcome } from './suite-outcome.ts';

// One suite in a process of its own, run by jest-circus over plain modules of Node.js. The runner of
// jest's own gives each suite a realm (node:vm) and links every module anew there: twice the CPU.

type Circus = Awaited<ReturnType<typeof run>>;
type CircusTest = Circus['testResults'][number];

const order = JSON.parse(process.argv[2] ?? '') as SuiteOrder;

/** How many errors of a suite's end are waited for: turns of the event loop. */
const LAST_TURNS = 3;

/** Rejections that nobody has handled so far, with the test that ran. */
const unhandled = new Map<Promise<unknown>, () => void>();

/** Whom to tell of an error that nobody caught: the test that runs, or the suite if none does. */
function blame(thrown: unknown): () => void {
  const { currentlyRunningTest: test, unhandledErrors } = getState();
  return () => (test?.errors ?? unhandledErrors).push(thrown);
}

/** A rejection counts unless somebody handles it before the test ends, as in jest's own runner. */
async function blameUnhandled(): Promise<void> {
  // Node.js says that one was handled after all when nothing else is left to do in this turn.
  if (unhandled.size > 0) await new Promise(setImmediate);
  for (const tell of unhandled.values()) tell();
  unhandled.clear();
}

/** What jest-circus leaves to jest's adapter: whom assertions belong to, and how many there were. */
function holdAssertions(): void {
  addEventHandler(async (event) => {
    if (event.name === 'test_start') {
      jestExpect.setState({ currentTestName: event.test.name, testPath: order.file });
    }
    if (event.name === 'test_done') {
      const { numPassingAsserts, suppressedErrors } = jestExpect.getState();
      event.test.numPassingAsserts = numPassingAsserts;
      event.test.errors.push(...suppressedErrors);
      jestExpect.setState({ suppressedErrors: [] });
      const failures = jestExpect.extractExpectedAssertionsErrors();
      event.test.errors.push(...failures.map(({ error }) => error));
      await blameUnhandled();
    }
  });
}

function outcomeOf(test: CircusTest): TestOutcome {
  const { status, errors, testPath, duration, startedAt, numPassingAsserts } = test;
  return {
    path: testPath.slice(1),
    status:
      status === 'skip'
        ? 'skipped'
        : status === 'todo'
          ? 'todo'
          : errors.length > 0
            ? 'failed'
            : 'passed',
    errors,
    durationMs: duration ?? null,
    startedAt: startedAt ?? null,
    assertions: numPassingAsserts,
  };
}

/** Text of anything that was thrown, with its stack and causes. */
function textOf(thrown: unknown): string {
  return thrown instanceof Error ? inspect(thrown) : `thrown: ${inspect(thrown)}`;
}

async function runSuite(): Promise<SuiteOutcome> {
  const state = getState();
  state.testTimeout = order.testTimeoutMs;
  state.parentProcess = process;
  if (order.testNamePattern !== undefined) {
    state.testNamePattern = new RegExp(order.testNamePattern, 'i');
  }
  holdAssertions();
  try {
    await import(pathToFileURL(order.file).href);
  } catch (thrown) {
    return { tests: [], errors: [textOf(thrown)] };
  }
  const { testResults, unhandledErrors } = await run();
  for (let turn = 0; turn < LAST_TURNS; turn += 1) await new Promise(setImmediate);
  await blameUnhandled();
  const late = state.unhandledErrors.slice(unhandledErrors.length).map(textOf);
  return { tests: testResults.map(outcomeOf), errors: [...unhandledErrors, ...late] };
}

Error.stackTraceLimit = 100;
process.on('uncaughtException', (thrown) => blame(thrown)());
process.on('unhandledRejection', (reason, promise) => unhandled.set(promise, blame(reason)));
process.on('rejectionHandled', (promise) => unhandled.delete(promise));
// Whoever started it has gone.
process.on('disconnect', () => process.exit(1));
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: new URL('globals.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
const outcome = await runSuite();
// Handles that a suite leaves open keep nobody waiting.
process.send?.(outcome, () => process.exit(0));
