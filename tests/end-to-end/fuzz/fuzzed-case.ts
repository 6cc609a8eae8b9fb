import { readFileSync } from 'node:fs';

/** A request that the fuzzer made, and what came of it. */
export interface FuzzedCase {
  /** Method and path as the document has them: `POST /v1/orders`. */
  readonly operation: string;
  /** Whether the fuzzer takes the request to fit the document. */
  readonly fits: boolean;
  /** What the fuzzer did to a request that is not to fit. */
  readonly description: string;
  readonly request: FuzzedRequest;
  /** Nothing if none came. */
  readonly answer?: { readonly status: number; readonly mediaType: string; readonly body: string };
  /** What the fuzzer's own checks found, each in a line. */
  readonly failures: readonly string[];
}

/** A request as it went over the wire. */
export interface FuzzedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body?: Buffer;
}

/** All that a run of the fuzzer tells. */
export interface FuzzReport {
  readonly cases: readonly FuzzedCase[];
  /** What kept it from asking, each in a line. */
  readonly troubles: readonly string[];
}

interface Recorded {
  readonly label: string;
  readonly cases?: Readonly<
    Record<
      string,
      {
        readonly value: {
          readonly meta?: {
            readonly generation: { readonly mode: string };
            readonly phase?: { readonly data?: { readonly description?: string } };
          };
        };
      }
    >
  >;
  readonly checks?: Readonly<Record<string, readonly Check[]>>;
  readonly interactions?: Readonly<Record<string, Interaction>>;
}

interface Check {
  readonly name: string;
  readonly status: string;
  readonly failure_info?: { readonly failure?: Trouble } | null;
}

interface Bytes {
  readonly $base64: string;
}

interface Interaction {
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly body?: Bytes | string | null;
  };
  readonly response?: {
    readonly status_code: number;
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly content?: Bytes | string | null;
  } | null;
}

interface Event {
  readonly ScenarioFinished?: { readonly recorder: Recorded };
  readonly NonFatalError?: { readonly label: string; readonly value: Trouble };
  readonly FatalError?: { readonly exception: Trouble };
}

interface Trouble {
  readonly title?: string;
  readonly type?: string;
  readonly message?: string;
}

/** Reads the report that schemathesis writes with `--report ndjson`, an event a line. */
export function readFuzzReport(file: string): FuzzReport {
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  return {
    cases: events.flatMap(({ ScenarioFinished: scenario }) =>
      scenario === undefined ? [] : casesOf(scenario.recorder),
    ),
    troubles: events.flatMap(({ NonFatalError: some, FatalError: fatal }) => [
      ...(some === undefined ? [] : [`${some.label}: ${told(some.value)}`]),
      ...(fatal === undefined ? [] : [told(fatal.exception)]),
    ]),
  };
}

/** What a scenario that never began lacks is nothing. */
function casesOf({
  label,
  cases = {},
  checks = {},
  interactions = {},
}: Recorded): readonly FuzzedCase[] {
  return Object.entries(cases).flatMap(([id, { value }]) => {
    const interaction = interactions[id];
    if (interaction === undefined) return [];
    const { request, response } = interaction;
    const body = bytesOf(request.body);
    return [
      {
        operation: label,
        fits: value.meta?.generation.mode === 'positive',
        description: value.meta?.phase?.data?.description ?? '',
        request: {
          method: request.method,
          url: request.uri,
          headers: request.headers,
          ...(body === undefined ? {} : { body }),
        },
        ...(response === null || response === undefined ? {} : { answer: answerOf(response) }),
        failures: (checks[id] ?? [])
          .filter(({ status }) => status === 'failure')
          .map(({ name, failure_info: info }) => `${name}: ${told(info?.failure ?? {})}`),
      },
    ];
  });
}

function answerOf(response: NonNullable<Interaction['response']>) {
  const [type = ''] = response.headers['content-type'] ?? [];
  return {
    status: response.status_code,
    mediaType: type.split(';')[0]?.trim() ?? '',
    body: bytesOf(response.content)?.toString('utf8') ?? '',
  };
}

function bytesOf(value: Bytes | string | null | undefined): Buffer | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.$base64, 'base64');
}

function told({ type, title, message }: Trouble): string {
  return [title ?? type, message].filter(Boolean).join(': ').replace(/\s+/g, ' ');
}
