// jest takes a runner's default export and nothing else.
export { SuiteRunner as default } from './suite-runner.ts';
