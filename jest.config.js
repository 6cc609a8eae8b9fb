/** One configuration for unit, golden, integration and end-to-end tests; folders tell them apart. */
const config = {
  testEnvironment: '<rootDir>/tests/costs/measured-environment.js',
  // Suites start real servers; two busy cores need their time.
  testTimeout: 30_000,
  // Both cores, though suites start servers: waiting is most of what they do.
  maxWorkers: 2,
  globalSetup: '<rootDir>/tests/engines/global-setup.js',
  globalTeardown: '<rootDir>/tests/engines/global-teardown.js',
  testSequencer: '<rootDir>/tests/longest-first.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/tests/long/', '/tests/cluster/'],
  modulePathIgnorePatterns: ['/.meridian/'],
};

export default config;
