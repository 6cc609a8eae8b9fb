/**
 * Loaded before Pulumi's SDK, which has source-map-support write every stack again: it asks for one at each promise and
 * each resource, which took a fifth of the time of staging's program, and neither the SDK nor a TypeScript file whose
 * types Node.js strips has a map that a reader of a stack needs. V8 writes them in the same form.
 */
import { createRequire } from 'node:module';

const [, sdk = import.meta.filename] = process.argv;

try {
  // The formatter is put in once for each process: by this, so that it is not put in again.
  createRequire(sdk)('source-map-support').install({ handleUncaughtExceptions: false });
  Error.prepareStackTrace = undefined;
} catch (cause) {
  // An SDK that does without it.
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND'))
    throw cause;
}
