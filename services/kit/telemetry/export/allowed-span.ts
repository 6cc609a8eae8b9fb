import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SPAN_ATTRIBUTES } from '@meridian/language/telemetry-attributes.ts';

/** What of a span is not sent. */
export const DROPPED_PARTS = ['attribute', 'event', 'name', 'status'] as const;

/** One of DROPPED_PARTS. */
export type DroppedPart = (typeof DROPPED_PARTS)[number];

const ALLOWED: ReadonlySet<string> = new Set(SPAN_ATTRIBUTES);

/** Names and values come from code: methods, route templates, SPIFFE IDs, codes. An address has an @, a query a ?. */
const FROM_CODE = /^[\w ./:{}*=,$-]*$/;

/** What a span is called whose own name is not from code. */
const NAMELESS = 'unnamed';

/**
 * A span with nothing in it that could be somebody's: attributes of the list alone, and no text that people write.
 * Messages of errors and events, which repeat what was asked, are never sent.
 */
export function allowedSpan(
  span: ReadableSpan,
  dropped: (part: DroppedPart) => void,
): ReadableSpan {
  const attributes = allowedAttributes(span.attributes, dropped);
  const hasName = FROM_CODE.test(span.name);
  if (!hasName) dropped('name');
  if (span.status.message !== undefined) dropped('status');
  span.events.forEach(() => dropped('event'));
  return {
    name: hasName ? span.name : NAMELESS,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes,
    // A link says where to, which are two ids.
    links: span.links.map(({ context }) => ({ context })),
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount + span.events.length,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function allowedAttributes(given: Attributes, dropped: (part: DroppedPart) => void): Attributes {
  const allowed: Attributes = {};
  for (const [name, value] of Object.entries(given)) {
    if (ALLOWED.has(name) && isFromCode(value)) allowed[name] = value;
    else dropped('attribute');
  }
  return allowed;
}

function isFromCode(value: unknown): boolean {
  return typeof value === 'string'
    ? FROM_CODE.test(value)
    : typeof value === 'number' || typeof value === 'boolean';
}
