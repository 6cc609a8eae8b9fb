const debuggable = require('../../node_modules/@pulumi/pulumi/runtime/debuggable.js');
const { withoutStacks } = require('../../tools/language-host/preloads/on-demand.cjs');

/**
 * Pulumi's own, which keeps with each promise where it was made, for who sets PULUMI_DEBUG_PROMISE_LEAKS. Under jest that is a
 * hundred frames, each looked up in a source map: a sixth of what the suites of components took.
 */
module.exports = debuggable.debugPromiseLeaks
  ? debuggable
  : {
      ...debuggable,
      debuggablePromise: (promise, context) =>
        withoutStacks(() => debuggable.debuggablePromise(promise, context)),
    };
