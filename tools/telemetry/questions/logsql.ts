import { LINE_FIELDS, LOG_NAMES } from '@meridian/components/observability/boards/log-query.ts';
import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import type { LogQuestion } from './log-question.ts';

/** Fields of a line as VictoriaLogs keeps it (the collector's resource attributes have dots). */
const FIELD = {
  service: '"service.name"',
  level: LOG_NAMES.level,
  traceId: LOG_NAMES.traceId,
  ...LINE_FIELDS,
  message: '_msg',
} as const;

/** The question in LogsQL. Source: VictoriaLogs 1.52, "LogsQL", filters. */
export function logsql(question: LogQuestion): string {
  switch (question.by) {
    case 'trace':
      return exactly(FIELD.traceId, question.traceId);
    case 'service': {
      const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(question.level));
      return `${exactly(FIELD.service, question.service)} ${FIELD.level}:in(${levels.map(quoted).join(',')})`;
    }
    case 'text': {
      const of =
        question.service === undefined ? '' : `${exactly(FIELD.service, question.service)} `;
      // A phrase would match whole words only.
      return `${of}${FIELD.message}:~${quoted(literalPattern(question.text))}`;
    }
    case 'request':
      return exactly(FIELD.requestId, question.requestId);
    case 'release':
      return [
        exactly(FIELD.service, question.service),
        exactly(FIELD.version, question.version),
        `${FIELD.level}:in("error","fatal")`,
      ].join(' ');
  }
}

function exactly(field: string, value: string): string {
  return `${field}:=${quoted(value)}`;
}

/** A text between double quotes as Go's strconv.Unquote reads it, which is what LogsQL reads by. */
export function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    // Half of a pair of surrogates is nothing that a line can have.
    return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** A regular expression (RE2) that matches a text and nothing else. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
