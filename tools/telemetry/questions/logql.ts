import { LINE_FIELDS, LOG_NAMES } from '@meridian/components/observability/boards/log-query.ts';
import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import type { LogQuestion } from './log-question.ts';
import { literalPattern, quoted } from './logsql.ts';

/** A selector of every stream: Loki refuses one that may be empty. */
const ANY = `{${LOG_NAMES.service}=~".+"}`;

/** The question in LogQL. Source: Loki, "Log queries". */
export function logql(question: LogQuestion): string {
  switch (question.by) {
    case 'trace':
      return `${ANY} | ${LOG_NAMES.traceId}=${quoted(question.traceId)}`;
    case 'service': {
      const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(question.level)).map(literalPattern);
      return `{${LOG_NAMES.service}=${quoted(question.service)}, ${LOG_NAMES.level}=~${quoted(levels.join('|'))}}`;
    }
    case 'text': {
      const of =
        question.service === undefined ? ANY : `{${LOG_NAMES.service}=${quoted(question.service)}}`;
      return `${of} |= ${quoted(question.text)}`;
    }
    case 'request':
      return `${ANY} | ${LINE_FIELDS.requestId}=${quoted(question.requestId)}`;
    case 'release':
      return `{${LOG_NAMES.service}=${quoted(question.service)}, ${LOG_NAMES.level}=~"error|fatal"} | ${LINE_FIELDS.version}=${quoted(question.version)}`;
  }
}
