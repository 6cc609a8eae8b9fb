/** An operator of the collector's file_log receiver. Source: collector-contrib 0.160, pkg/stanza/docs. */
export type LogOperator = Readonly<Record<string, unknown>> & { readonly type: string };

/** One whose condition does not hold, or that cannot do its work, lets the line go on as it is. */
const LENIENT = { on_error: 'send_quiet' } as const;

const IS_JSON = 'type(body) == "string" and body startsWith "{"';

/** Words for levels by the collector's own; those that it knows by itself are left out. */
const LEVELS = {
  info: ['log', 'notice', 'information'],
  warn: ['warning'],
  fatal: ['panic', 'critical'],
} as const;

/**
 * How other programs than ours write levels before the text of a line: in capitals, or in small letters behind a sign,
 * as in `[warning]` and `level=warn`. The first word that is one counts.
 */
const LEVELS_IN_TEXT = [
  String.raw`^.{0,160}?\b(?P<level>TRACE|DEBUG|LOG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|PANIC)\b`,
  String.raw`^.{0,160}?[\[=\t](?P<level>trace|debug|info|notice|warn|warning|error|fatal|panic|critical)\b`,
] as const;

/**
 * Makes a record of a line. One of JSON, as our processes and the edge write it, gives its fields, its time, its level
 * and its trace, and `message` becomes the text; of any other the whole line is the text. What looks like JSON and is
 * not whole, such as a line that was cut, is dropped but for the fact: nobody can tell what is in it.
 */
export function lineOperators(): readonly LogOperator[] {
  return [
    { type: 'json_parser', if: IS_JSON, ...LENIENT },
    {
      type: 'time_parser',
      if: 'attributes.time != nil',
      parse_from: 'attributes.time',
      layout: '%Y-%m-%dT%H:%M:%S.%LZ',
      ...LENIENT,
    },
    {
      type: 'trace_parser',
      if: 'attributes.trace_id != nil',
      trace_id: { parse_from: 'attributes.trace_id' },
      span_id: { parse_from: 'attributes.span_id' },
      ...LENIENT,
    },
    { type: 'move', if: 'attributes.message != nil', from: 'attributes.message', to: 'body' },
    {
      type: 'add',
      if: `${IS_JSON} and attributes.method != nil`,
      field: 'body',
      value: 'EXPR(attributes.method + " " + string(attributes.status))',
    },
    { type: 'add', if: IS_JSON, field: 'body', value: 'a line of JSON that has no message' },
    ...LEVELS_IN_TEXT.map((regex) => ({
      type: 'regex_parser',
      if: 'attributes.level == nil and type(body) == "string"',
      regex,
      ...LENIENT,
    })),
    {
      type: 'severity_parser',
      if: 'attributes.level != nil',
      parse_from: 'attributes.level',
      mapping: LEVELS,
      overwrite_text: true,
      ...LENIENT,
    },
  ];
}

/**
 * Says who wrote a line, by the path of its file: `zone`, `instance` and, where the line has none, `service`.
 *
 * @param filePattern finds `zone` and `instance` in the path (RE2)
 * @param zones the names of the zones that are parts of names of instances
 */
export function writerOperators(
  filePattern: string,
  zones: readonly string[],
): readonly LogOperator[] {
  const suffix = `-(${zones.join('|')})(-[0-9]+)?`;
  return [
    {
      type: 'regex_parser',
      parse_from: 'attributes["log.file.path"]',
      regex: collectorText(filePattern),
      ...LENIENT,
    },
    {
      type: 'regex_parser',
      if: 'attributes.instance != nil',
      parse_from: 'attributes.instance',
      regex: collectorText(`^(?P<service>.+?)(${suffix})?$`),
      ...LENIENT,
    },
  ];
}

/** What is known of a line beside its text belongs to whoever wrote it. */
export const SERVICE_OPERATOR: LogOperator = {
  type: 'move',
  if: 'attributes.service != nil',
  from: 'attributes.service',
  to: 'resource["service.name"]',
};

/** A text as a configuration of the collector has it: a single dollar may begin a reference there. */
function collectorText(text: string): string {
  return text.replaceAll('$', '$$$$');
}
