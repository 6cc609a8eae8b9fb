const { lazyModule } = require('../../tools/language-host/preloads/on-demand.cjs');

/** The API that drives the engine; who imports @pulumi/pulumi/automation gets it as it is. */
module.exports = lazyModule(() => require('../../node_modules/@pulumi/pulumi/automation/index.js'));
