import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { RETENTION_DAYS } from '../defaults.ts';
import { telemetryListen } from '../local-places.ts';
import { STORE_LIMITS } from './store-limits.ts';
import { hostPort, secureReadiness, telemetryProcess } from './telemetry-process.ts';
import { TELEMETRY_TLS_FOLDER } from './telemetry-tls.ts';

/** Whoever asks VictoriaLogs is this user: its open edition asks for no client certificates. */
export const LOGS_USER = 'meridian';

/** Name of the secret that is the user's password; another generation is another file, read at the start. */
export function logsSecret(passwordGeneration: number): string {
  return `victorialogs-${passwordGeneration}`;
}

/** Where the password lies, with the placeholder `${state}`. */
export function logsPasswordFile(passwordGeneration: number): string {
  return secretFilePath(logsSecret(passwordGeneration));
}

/** The logs of the platform, in the place of Loki (ADR 70). Paths are relative: a comma would separate two of them. */
export function victorialogsProcess(context: LoweringContext): ProcessSpec {
  const { settings } = context;
  const https = telemetryListen(settings, 'victorialogs', 'https');
  return telemetryProcess(context, {
    part: 'victorialogs',
    engine: 'victorialogs',
    executable: 'victoria-logs',
    arguments: [
      `-httpListenAddr=${hostPort(https)}`,
      '-tls',
      `-tlsCertFile=${TELEMETRY_TLS_FOLDER}/tls.crt`,
      `-tlsKeyFile=${TELEMETRY_TLS_FOLDER}/tls.key`,
      '-tlsMinVersion=TLS13',
      `-httpAuth.username=${LOGS_USER}`,
      `-httpAuth.password=file://${logsPasswordFile(settings.passwordGeneration)}`,
      '-storageDataPath=${data}',
      `-retentionPeriod=${RETENTION_DAYS.logs}d`,
      `-retention.maxDiskSpaceUsageBytes=${STORE_LIMITS.logsMib}MiB`,
      '-memory.allowedBytes=32MiB',
      '-loggerLevel=WARN',
    ],
    files: {},
    listens: { https },
    memoryMib: 128,
    readiness: secureReadiness(https, '/health', TELEMETRY_TLS_FOLDER),
  });
}
