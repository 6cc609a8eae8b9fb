import { LOG_ERROR_FIELDS } from '@meridian/language/log-error-fields.ts';
import { KEPT_LOG_FIELDS } from '@meridian/language/log-fields.ts';
import type { RecordField } from '@meridian/language/log-fields.ts';
import { TELEMETRY_ATTRIBUTES } from '@meridian/language/telemetry-attributes.ts';

const ERROR_FIELDS = JSON.stringify(['errors', ...LOG_ERROR_FIELDS]);

/** Attributes of log records that may be kept; whatever else somebody writes is dropped on its way. */
export const LOG_ATTRIBUTES: readonly string[] = [
  'service.name',
  'level' satisfies RecordField,
  ...KEPT_LOG_FIELDS,
];

/** Ends what would take the machine's memory; who sends is told to send again. */
export function memoryLimiter(limitMib: number): object {
  return { check_interval: '1s', limit_mib: limitMib, spike_limit_mib: Math.round(limitMib / 4) };
}

/** Drops every attribute that is not on the list. */
function redaction(allowed: readonly string[]): object {
  return { allow_all_keys: false, allowed_keys: allowed, summary: 'silent' };
}

/**
 * What every span goes through. The kit sends nothing else (`services/kit/telemetry/export/allowed-span.ts`): this is
 * the second line, for whoever forgets that. Looks at readiness go, which a platform makes all the time, whatever is
 * asked of it; so do events and messages, which the processor `redaction` leaves but for their attributes, and
 * attributes that are not on the list. Source: collector-contrib 0.160, redactionprocessor/processor.go.
 */
const SPAN_PROCESSORS = {
  'filter/spans': {
    error_mode: 'ignore',
    traces: { span: ['attributes["http.route"] == "/readyz"'], spanevent: ['true'] },
  },
  'transform/spans': {
    error_mode: 'ignore',
    trace_statements: [{ context: 'span', statements: ['set(status.message, "")'] }],
  },
  'redaction/spans': redaction(TELEMETRY_ATTRIBUTES),
} as const;

/** The same of every line. */
const LOG_PROCESSORS = {
  'transform/levels': levels(),
  'redaction/logs': redaction(LOG_ATTRIBUTES),
} as const;

/** Processors by their names, and in the order in which what is to be kept goes through them. */
export interface Processing {
  readonly processors: Readonly<Record<string, object>>;
  readonly order: readonly string[];
}

/** What becomes of spans on their way to a store. */
export const SPAN_PROCESSING = inOrder(SPAN_PROCESSORS);

/** What becomes of lines. */
export const LOG_PROCESSING = inOrder(LOG_PROCESSORS);

function inOrder(processors: Readonly<Record<string, object>>): Processing {
  return { processors, order: Object.keys(processors) };
}

/** A level in the words of our services; a line that says none is of level info. Of an error no more than the list has. */
function levels(): object {
  return {
    error_mode: 'silent',
    log_statements: [
      {
        context: 'log',
        statements: [
          'set(severity_number, SEVERITY_NUMBER_INFO) where severity_number == SEVERITY_NUMBER_UNSPECIFIED',
          'set(severity_text, "INFO") where severity_text == ""',
          'set(severity_text, ConvertCase(severity_text, "lower"))',
          'set(attributes["level"], severity_text)',
          `keep_keys(attributes["err"], ${ERROR_FIELDS}) where IsMap(attributes["err"])`,
        ],
      },
    ],
  };
}
