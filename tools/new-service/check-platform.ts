import { localSettings } from '../../stacks/local.ts';
import { platform } from '../../infra/platform-graph.ts';
import { reportError } from '../meridian/report-error.ts';

/**
 * Says whether the platform as infra/platform.ts has it now is one: a process of its own, since a module is
 * loaded once. What is wrong with it goes to standard error, with exit code 1.
 */
try {
  platform(localSettings({}));
} catch (thrown) {
  process.exitCode = reportError(thrown);
}
