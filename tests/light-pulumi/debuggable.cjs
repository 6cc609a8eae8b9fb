const debuggable = require('../../node_modules/@pulumi/pulumi/runtime/debuggable.js');

/**
 * Pulumi's own, which keeps with each promise where it was made, for who sets PULUMI_DEBUG_PROMISE_LEAKS. Under jest that is a
 * hundred frames, each looked up in a source map: a sixth of what the suites of components took.
 */
module.exports = {
  ...debuggable,
  debuggablePromise: (promise, context) => {
    const limit = Error.stackTraceLimit;
    if (!debuggable.debugPromiseLeaks) Error.stackTraceLimit = 0;
    try {
      return debuggable.debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  },
};
