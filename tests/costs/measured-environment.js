import path from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { SuiteMeter } from './suite-meter.ts';

/** The name that providers/local/testing/engine-started.ts knows. */
const STARTED_ENGINES_FILE = 'MERIDIAN_STARTED_ENGINES';

/** jest's environment for Node.js, which measures what each suite takes. */
export default class MeasuredEnvironment extends TestEnvironment {
  #meter;
  #suite;

  constructor(config, context) {
    super(config, context);
    this.#suite = path.relative(config.globalConfig.rootDir, context.testPath);
  }

  async setup() {
    await super.setup();
    this.#meter = new SuiteMeter(this.#suite);
    // The suite has a copy of the environment, which was made before this.
    this.global.process.env[STARTED_ENGINES_FILE] = this.#meter.startedEngines;
  }

  handleTestEvent(event) {
    if (event.name === 'test_skip') this.#meter.skip(fullNameOf(event.test));
  }

  async teardown() {
    this.#meter?.end();
    await super.teardown();
  }
}

function fullNameOf({ name, parent }) {
  // The outermost block is jest-circus's own.
  return parent?.parent === undefined ? name : `${fullNameOf(parent)} ${name}`;
}
