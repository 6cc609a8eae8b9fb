/** One configuration for unit, golden, integration and end-to-end tests; folders tell them apart. */
const config = {
  testEnvironment: '<rootDir>/tests/costs/measured-environment.js',
  // Suites start real servers; two busy cores need their time.
  testTimeout: 30_000,
  // One more than cores: a third of what suites do is to wait for servers.
  maxWorkers: 3,
  // A suite leaves what it has loaded behind (jest 30 with ES modules; 150 MB where that is @pulumi/aws), and a heap that is
  // nearly full is collected again and again, in whichever suite is at it. Engines are not the workers' (ADR 37).
  workerIdleMemoryLimit: '1500MB',
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
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/tests/seeded-fast-check.js',
    // What @pulumi/pulumi requires at its start and needs for functions that become text, or to drive the engine.
    '^@npmcli/arborist$': '<rootDir>/tests/light-pulumi/arborist.cjs',
    '/typescript-shim$': '<rootDir>/tests/light-pulumi/typescript-shim.cjs',
    '/debuggable$': '<rootDir>/tests/light-pulumi/debuggable.cjs',
    '^\\./automation$': '<rootDir>/tests/light-pulumi/automation.cjs',
  },
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/tests/long/', '/tests/cluster/'],
  modulePathIgnorePatterns: ['/.meridian/'],
};

export default config;
