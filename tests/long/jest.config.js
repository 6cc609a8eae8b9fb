import base from '../../jest.config.js';

/** Campaigns that take too long for every change: `npm run test:long`. */
const config = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/tests/long/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // A suite whose start failed half-way may have left what keeps Node.js alive: the campaigns after it go on.
  forceExit: true,
};

export default config;
