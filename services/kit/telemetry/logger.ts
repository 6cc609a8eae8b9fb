import type { SpanContext } from '@opentelemetry/api';
import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { LOG_ERROR_FIELDS } from '@meridian/language/log-error-fields.ts';
import type { LogField, LogLevel } from '@meridian/language/log-fields.ts';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { currentScope } from '../call-scope.ts';
import { batchedOutput } from './batched-output.ts';
import { LineLimit } from './line-limit.ts';
import { isSampled } from './sampler.ts';

/** Fields that the registry knows (language/log-fields.ts), and no other: not in a variable either. */
type KnownFields<Given> = Given & Readonly<Record<Exclude<keyof Given, LogField>, never>>;

/** Writes a line, with fields or without. */
export interface WriteLine {
  (message: string): void;
  <Given extends object>(fields: KnownFields<Given>, message: string): void;
}

/** Where a process writes its lines. */
export interface Logger extends Readonly<Record<LogLevel, WriteLine>> {
  isLevelEnabled(level: LogLevel): boolean;
  /** A logger whose lines have more fields. */
  child<Given extends object>(fields: KnownFields<Given>): Logger;
  /** Calls back once all lines are written. */
  flush(done: () => void): void;
}

/** What a logger needs to know of the process. */
export type LoggingProcess = Pick<
  ServiceConfiguration,
  'service' | 'version' | 'instance' | 'zone' | 'logLevel'
>;

const STDOUT = 1;

/**
 * A logger of one JSON object a line to stdout, with `service`, `level` in words, `zone`, `instance`
 * and, within a request, `trace_id`, `span_id` and `trace_sampled`.
 *
 * @param limit thins out what is too much
 */
export function createLogger(
  given: LoggingProcess,
  stream?: DestinationStream,
  limit: LineLimit = new LineLimit(),
): Logger {
  const { service, version, instance, zone } = given;
  return pino(
    {
      level: given.logLevel,
      base: { service, version, instance, zone },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
      hooks: {
        logMethod(parts, method, level) {
          if (limit.admits(level, messageOf(parts))) method.apply(this, parts);
        },
      },
      mixin: () => {
        const span = currentScope()?.span;
        return span === undefined ? {} : traceFields(span);
      },
    },
    stream ?? batchedOutput(STDOUT),
  );
}

/** The message of a line, which stands after its fields if it has any. */
function messageOf([first, second]: readonly unknown[]): string {
  const message = typeof first === 'string' ? first : second;
  return typeof message === 'string' ? message : '';
}

/** The fields by which a line belongs to a trace, and whether that one is kept. */
export function traceFields(
  span: SpanContext,
): Readonly<Record<'trace_id' | 'span_id' | 'trace_sampled', unknown>> {
  return { trace_id: span.traceId, span_id: span.spanId, trace_sampled: isSampled(span) };
}

const ERROR_FIELDS: ReadonlySet<string> = new Set(LOG_ERROR_FIELDS);

function errorFields(error: Error): object {
  const fields = Object.entries(pino.stdSerializers.err(error));
  const allowed = Object.fromEntries(fields.filter(([name]) => ERROR_FIELDS.has(name)));
  const { errors } = error as Partial<AggregateError>;
  return Array.isArray(errors) ? { ...allowed, errors: errors.map(partFields) } : allowed;
}

/** Of several at once, such as attempts to connect; anything may be among them. */
function partFields(part: unknown): unknown {
  return part instanceof Error ? errorFields(part) : { type: typeof part };
}
