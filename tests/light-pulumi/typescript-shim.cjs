const { lazyModule } = require('../../tools/language-host/preloads/on-demand.cjs');

/** The compiler that reads a function which becomes text: 9 MB. */
module.exports = lazyModule(() => require('../../node_modules/@pulumi/pulumi/typescript-shim.js'));
