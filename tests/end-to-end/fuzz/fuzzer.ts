import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { schemathesisCommand } from '../../../tools/engines/schemathesis.ts';
import { readFuzzReport } from './fuzzed-case.ts';
import type { FuzzReport } from './fuzzed-case.ts';

/** The cases follow from it and from the document. */
export const SEED = 12;

/** What the fuzzer is to ask. */
export interface Fuzzing {
  /** `https://localhost:8443`, where /openapi.json is. */
  readonly origin: string;
  /** File of the root certificate, for an address of https. */
  readonly root?: string;
  /** Signs in with it, again and again as tokens expire. @default as nobody */
  readonly credentials?: { readonly email: string; readonly password: string };
  /** Requests for each operation. */
  readonly examples: number;
  /** By their ids. */
  readonly leftOut: readonly string[];
  /** Only this one. @default all */
  readonly only?: string;
}

/** What the fuzzer looks for by itself; what may be refused is judge.ts's. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
];

/**
 * What its command line has no options for. The password is in neither of both, but in the
 * environment. A request that is not to fit is refused with any of these statuses, since a condition or a
 * media type may be what is looked at first.
 */
function settings({ credentials }: Fuzzing): string {
  return [
    '[checks.negative_data_rejection]',
    'expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 417, 422, 431]',
    ...(credentials === undefined
      ? []
      : [
          '[auth.dynamic.openapi.accessToken]',
          'path = "/v1/sessions"',
          'payload = { email = "${FUZZ_EMAIL}", password = "${FUZZ_PASSWORD}" }',
          'extract_selector = "/tokens/accessToken"',
        ]),
    '',
  ].join('\n');
}

/** Has schemathesis ask an API whatever its document allows, and what it does not. */
export async function fuzz(fuzzing: Fuzzing): Promise<FuzzReport> {
  const { origin, root, credentials, examples, leftOut, only } = fuzzing;
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-fuzz-'));
  try {
    const config = path.join(folder, 'schemathesis.toml');
    const report = path.join(folder, 'report.ndjson');
    writeFileSync(config, settings(fuzzing));
    const args = [
      ...['--config-file', config, 'run', `${origin}/openapi.json`],
      ...(root === undefined ? [] : ['--tls-verify', root]),
      ...['--max-examples', String(examples), '--seed', String(SEED), '--phases', 'fuzzing'],
      ...['--checks', CHECKS.join(','), '--warnings', 'off', '--no-shrink', '--no-color'],
      // On a slow machine it would give up otherwise.
      ...['--suppress-health-check', 'all', '--continue-on-failure', '--request-timeout', '15'],
      ...['--generation-database', 'none', '--output-sanitize', 'false'],
      ...['--report', 'ndjson', '--report-ndjson-path', report],
      ...leftOut.flatMap((id) => ['--exclude-operation-id', id]),
      ...(only === undefined ? [] : ['--include-operation-id', only]),
    ];
    const environment = {
      HOME: folder,
      ...(credentials === undefined
        ? {}
        : { FUZZ_EMAIL: credentials.email, FUZZ_PASSWORD: credentials.password }),
    };
    await finished(args, folder, environment);
    return readFuzzReport(report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ended well, or with findings, which the report has. */
const ENDS = [0, 1];

async function finished(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(schemathesisCommand(cacheFolder()), args, {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error('schemathesis does not start; `npm test -- fuzz` installs it', { cause })),
    );
    child.on('close', resolve);
  });
  if (!ENDS.some((end) => end === code)) {
    throw new Error(`schemathesis ended with ${String(code)}:\n${output}`);
  }
}
