/** Shared by all projects. */
const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.[cm]?[jt]s$': ['@swc/jest'] },
  // ES modules, which jest loads through a transform only (ccip-js's have no extensions either).
  transformIgnorePatterns: ['/node_modules/(?!(@chainlink/ccip-js|openid-client|oauth4webapi|jose)/)'],
  setupFiles: ['reflect-metadata'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/console/', '<rootDir>/test/bench/peers/'],
};

const withServices = {
  ...common,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

const ignored = ['/node_modules/', '<rootDir>/dist/', '<rootDir>/console/', '/packages/[^/]+/dist/'];
const suites = [
  '<rootDir>/test/integration/',
  '<rootDir>/test/devnet/',
  '<rootDir>/test/e2e/',
  '<rootDir>/test/faults/',
  '<rootDir>/test/adversary/',
  '<rootDir>/test/helm/',
];

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: [...ignored, ...suites],
    },
    {
      ...withServices,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,devnet}/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
    },
    {
      ...withServices,
      displayName: 'adversary',
      testMatch: ['<rootDir>/test/adversary/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
    },
    {
      ...withServices,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
      // Those have no short form.
      testPathIgnorePatterns: [
        ...ignored,
        ...(process.env['FAULTS'] === 'long' ? [] : ['<rootDir>/test/faults/long/']),
      ],
    },
    {
      ...withServices,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
    },
    {
      ...common,
      displayName: 'helm',
      testMatch: ['<rootDir>/test/helm/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
    },
  ],
};
