const { lazyModule } = require('../../tools/language-host/preloads/on-demand.cjs');

/** What finds the packages that a function which becomes text needs: 150 modules. */
module.exports = lazyModule(() => require('../../node_modules/@npmcli/arborist/lib/index.js'));
