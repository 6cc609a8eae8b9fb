import base from '../../jest.config.js';

/** Tests against a Kubernetes control plane of their own: `npm run test:cluster`. */
const config = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/tests/cluster/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Each suite starts a control plane, which keeps two cores busy by itself.
  maxWorkers: 1,
  testTimeout: 300_000,
};

export default config;
