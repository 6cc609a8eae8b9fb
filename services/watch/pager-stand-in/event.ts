/** What an event does to an alert. */
export const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
export type Action = (typeof ACTIONS)[number];

/** How bad it is, as the sender sees it. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type PagerSeverity = (typeof SEVERITIES)[number];

/** Bytes of an event at most. Source: PagerDuty, Events API v2, "Send an event": 512 KB. */
export const EVENT_MAX_BYTES = 512 * 1024;

const ROUTING_KEY_LENGTH = 32;
const DEDUP_KEY_MAX = 255;
const SUMMARY_MAX = 1_024;

/** An event as PagerDuty takes it (Events API v2, `POST /v2/enqueue`). */
export interface PagerEvent {
  readonly routingKey: string;
  readonly action: Action;
  /** Absent where a trigger leaves it to the receiver. */
  readonly dedupKey?: string;
  /** Of a trigger, what it says. */
  readonly payload?: EventPayload;
  /** Addresses that lead on, with their texts. */
  readonly links: readonly Link[];
}

/** What is wrong, where and how badly. */
export interface EventPayload {
  readonly summary: string;
  readonly source: string;
  readonly severity: PagerSeverity;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A link of an event. */
export interface Link {
  readonly href: string;
  readonly text?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads an event; `problems` gets a line for each that is wrong, in PagerDuty's words. */
export function readEvent(given: unknown, problems: string[]): PagerEvent {
  const fields = fieldsOf(given);
  const action = fields['event_action'];
  const routingKey = routingKeyOf(fields, problems);
  if (isBlank(action)) problems.push("'event_action' is missing or blank");
  else if (!isOneOf(ACTIONS, action)) problems.push(notAmong('event_action', ACTIONS));
  const dedupKey = dedupKeyOf(fields, action !== 'trigger', problems);
  return {
    routingKey,
    action: isOneOf(ACTIONS, action) ? action : 'trigger',
    ...(dedupKey === undefined ? {} : { dedupKey }),
    ...(action === 'trigger' ? { payload: payloadOf(fields['payload'], problems) } : {}),
    links: linksOf(fields['links'], problems),
  };
}

function routingKeyOf(fields: Fields, problems: string[]): string {
  const key = fields['routing_key'];
  if (isBlank(key)) {
    problems.push("'routing_key' is missing or blank");
    return '';
  }
  const text = String(key);
  if (text.length !== ROUTING_KEY_LENGTH) {
    problems.push(
      `Length of 'routing_key' is incorrect (should be ${ROUTING_KEY_LENGTH} characters)`,
    );
  }
  return text;
}

function dedupKeyOf(fields: Fields, required: boolean, problems: string[]): string | undefined {
  const key = fields['dedup_key'];
  if (isBlank(key)) {
    if (required) problems.push("'dedup_key' is missing or blank");
    return undefined;
  }
  const text = String(key);
  if (text.length > DEDUP_KEY_MAX) {
    problems.push(`'dedup_key' is too long (maximum is ${DEDUP_KEY_MAX} characters)`);
  }
  return text;
}

function payloadOf(given: unknown, problems: string[]): EventPayload {
  const payload = fieldsOf(given);
  if (Object.keys(payload).length === 0) problems.push("'payload' is missing or blank");
  const required = (name: string): string => {
    const value = payload[name];
    if (isBlank(value)) problems.push(`'payload.${name}' is missing or blank`);
    return typeof value === 'string' ? value : '';
  };
  const [summary, source] = [required('summary'), required('source')];
  if (summary.length > SUMMARY_MAX) {
    problems.push(`'payload.summary' is too long (maximum is ${SUMMARY_MAX} characters)`);
  }
  const severity = required('severity');
  if (severity !== '' && !isOneOf(SEVERITIES, severity)) {
    problems.push(notAmong('payload.severity', SEVERITIES));
  }
  const timestamp = payload['timestamp'];
  const isTime = typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp));
  if (timestamp !== undefined && !isTime) {
    problems.push("'payload.timestamp' is invalid (must be in ISO 8601)");
  }
  return {
    ...{ summary, source, severity: isOneOf(SEVERITIES, severity) ? severity : 'info' },
    ...optional(payload, 'component'),
    ...optional(payload, 'group'),
    ...optional(payload, 'class'),
    details: fieldsOf(payload['custom_details']),
  };
}

/** The fields of a payload that may be left out. */
type Optional = Pick<EventPayload, 'component' | 'group' | 'class'>;

function optional(payload: Fields, name: keyof Optional): Optional {
  const value = payload[name];
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}

function linksOf(given: unknown, problems: string[]): readonly Link[] {
  if (!Array.isArray(given)) return [];
  return given.map((each) => {
    const { href, text } = fieldsOf(each);
    if (isBlank(href)) problems.push("'links.href' is missing or blank");
    return {
      href: typeof href === 'string' ? href : '',
      ...(typeof text === 'string' ? { text } : {}),
    };
  });
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isOneOf<const Choice extends string>(
  choices: readonly Choice[],
  value: unknown,
): value is Choice {
  return choices.includes(value as Choice);
}

function notAmong(name: string, choices: readonly string[]): string {
  const named = choices.map((choice) => `'${choice}'`);
  return `'${name}' is invalid (must be one of the following: ${named.slice(0, -1).join(', ')} or ${named.at(-1) ?? ''})`;
}
