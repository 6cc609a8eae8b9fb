const { lazyModule } = require('./lazy-module.cjs');

/** The API that drives the engine; who imports @pulumi/pulumi/automation gets it as it is. */
module.exports = lazyModule(() => require('../../node_modules/@pulumi/pulumi/automation/index.js'));
