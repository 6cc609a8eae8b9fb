import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { SERVICE_CONFIGURATION } from '@meridian/language/service-configuration.ts';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { readShape } from '@meridian/language/shape.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import {
  INSTANCE_VARIABLE,
  SERVICE_FILE_VARIABLE,
  ZONE_VARIABLE,
} from '@meridian/language/process-folder.ts';

/** The zone of a pod whose cluster does not tell it; Kubernetes does from 1.35. */
const UNKNOWN_ZONE = 'unknown';

/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks service.json; throws a CodedError that lists every problem.
 *
 * @param environment gives `instance` and `zone` where the file leaves them out, as that of all pods of
 *   a service must: MERIDIAN_INSTANCE and MERIDIAN_ZONE
 */
export function readConfiguration(file: string, environment: Environment): ServiceConfiguration {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(
      file,
      `cannot be read (${messageOf(cause)}); ${SERVICE_FILE_VARIABLE} must name service.json`,
      cause,
    );
  }
  return parseConfiguration(text, file, environment);
}

/** The same for a text that was read already; `file` only appears in messages. */
export function parseConfiguration(
  text: string,
  file: string,
  environment: Environment = {},
): ServiceConfiguration {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `is not JSON (${messageOf(cause)})`, cause);
  }
  const problems: string[] = [];
  const configuration = readShape(SERVICE_CONFIGURATION, withPlace(parsed, environment), problems);
  if (problems.length > 0) throw invalid(file, problems.join('; '));
  return configuration;
}

/** The file's content with the place of the process, unless it has one itself. */
function withPlace(parsed: unknown, environment: Environment): unknown {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return parsed;
  const { [INSTANCE_VARIABLE]: instance, [ZONE_VARIABLE]: zone } = environment;
  return {
    ...(instance === undefined ? {} : { instance }),
    ...(zone === undefined ? {} : { zone: zone === '' ? UNKNOWN_ZONE : zone }),
    ...parsed,
  };
}

function invalid(file: string, what: string, cause?: unknown): CodedError {
  return new CodedError(
    'KIT_CONFIGURATION',
    `Configuration ${file}: ${what}`,
    cause === undefined ? {} : { cause },
  );
}
