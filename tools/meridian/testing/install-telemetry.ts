import { installEngines } from '../installation.ts';
import { reportError } from '../report-error.ts';

/** Installs the engines of telemetry and nothing else, and ends as the command does. */
try {
  await installEngines({ quiet: false, only: [], telemetry: true });
} catch (error) {
  process.exitCode = reportError(error);
}
