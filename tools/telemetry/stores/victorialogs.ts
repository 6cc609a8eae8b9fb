import { z } from 'zod';
import type { StoreConnection } from './store-connection.ts';

/** A line of a log as the store keeps it. */
export interface LogLine {
  /** RFC 3339, with fractions as the store has them. */
  readonly time: string;
  readonly service: string;
  readonly level: string;
  readonly message: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly zone?: string;
  readonly instance?: string;
  /** All else that is known of it. */
  readonly fields: Readonly<Record<string, string>>;
}

/** How much of an answer is wanted. */
export interface LogWindow {
  /** RFC 3339. @default as far back as lines are kept */
  readonly from?: string;
  /** RFC 3339. @default now */
  readonly to?: string;
  /** The newest lines. */
  readonly limit: number;
}

const lineSchema = z.record(z.string(), z.string());

/** Where the fields of a line are that have a name here. */
const NAMED = {
  time: '_time',
  service: 'service.name',
  level: 'severity_text',
  message: '_msg',
  traceId: 'trace_id',
  spanId: 'span_id',
  zone: 'zone',
  instance: 'instance',
} as const;

/** What the store adds for itself. */
const ITS_OWN = ['_stream', '_stream_id', 'severity_number', 'level'];

/** Log lines. Source: VictoriaLogs 1.52, "Querying". */
export class VictoriaLogs {
  readonly #connection: Pick<StoreConnection, 'text'>;

  constructor(connection: Pick<StoreConnection, 'text'>) {
    this.#connection = connection;
  }

  /** The newest lines that a query in LogsQL finds, the oldest of them first. */
  async lines(logsql: string, { from, to, limit }: LogWindow): Promise<readonly LogLine[]> {
    const asked = { query: logsql, start: from, end: to, limit: String(limit) };
    const answer = await this.#connection.text('/select/logsql/query', asked);
    return (answer ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => logLine(lineSchema.parse(JSON.parse(line))))
      .toSorted((one, other) => compareTimes(one.time, other.time));
  }
}

/** A line of the store's answer, each field under its name. */
export function logLine(record: Readonly<Record<string, string>>): LogLine {
  const { traceId, spanId, zone, instance } = NAMED;
  const optional = Object.entries({ traceId, spanId, zone, instance }).flatMap(([name, field]) => {
    const value = record[field];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const known: readonly string[] = [...Object.values(NAMED), ...ITS_OWN];
  return {
    time: record[NAMED.time] ?? '',
    service: record[NAMED.service] ?? '',
    level: record[NAMED.level] ?? '',
    message: record[NAMED.message] ?? '',
    ...Object.fromEntries(optional),
    fields: Object.fromEntries(Object.entries(record).filter(([name]) => !known.includes(name))),
  };
}

/** RFC 3339 in UTC with any number of decimals. */
function compareTimes(one: string, other: string): number {
  const [a, b] = [one, other].map((time) => {
    const [seconds = '', decimals = ''] = time.replace(/Z$/, '').split('.');
    return `${seconds}.${decimals.padEnd(9, '0')}`;
  });
  if (a === b || a === undefined || b === undefined) return 0;
  return a < b ? -1 : 1;
}
