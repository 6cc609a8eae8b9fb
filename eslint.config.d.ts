import type { Linter } from 'eslint';

declare const config: readonly Linter.Config[];
// ESLint takes a default export and nothing else.
// eslint-disable-next-line no-restricted-exports
export default config;
