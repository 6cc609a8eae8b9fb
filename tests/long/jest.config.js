import base from '../../jest.config.js';

/** Campaigns that take too long for every change: `npm run test:long`. */
const config = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/tests/long/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};

export default config;
