import { createContextKey, SpanKind, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Link } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';
import { ATTRIBUTES } from './names.ts';

/** Set in the context of a span that is a poll: what is asked all the time, whatever users do. */
export const POLL = createContextKey('meridian poll');

/** Of the traces that are kept of requests, polls have this share. */
const POLL_SHARE = 0.01;

/**
 * Decides once for a trace, where it begins: a share of them by their ids. Whatever belongs to it follows, in
 * every process; and the trace that a consumer begins follows those of the producers to which it is linked. Of
 * polls few are kept, and of looks at a database that are a whole trace by themselves none.
 */
export function headSampler(percent: number): Sampler {
  return new ParentBasedSampler({
    root: new RootSampler(percent / 100),
  });
}

const FOLLOWED = { sampled: new AlwaysOnSampler(), unsampled: new AlwaysOffSampler() };

class RootSampler implements Sampler {
  readonly #share: Sampler;
  readonly #pollShare: Sampler;

  constructor(share: number) {
    this.#share = new TraceIdRatioBasedSampler(share);
    this.#pollShare = new TraceIdRatioBasedSampler(share * POLL_SHARE);
  }

  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    return this.#decider(context, spanKind, attributes, links).shouldSample(
      context,
      traceId,
      spanName,
      spanKind,
      attributes,
      links,
    );
  }

  toString(): string {
    return `RootSampler{${this.#share.toString()}}`;
  }

  /** Of a server's links none is followed: they are of traces that others began. */
  #decider(
    context: Context,
    kind: SpanKind,
    attributes: Attributes,
    producers: readonly Link[],
  ): Sampler {
    if (context.getValue(POLL) === true) return this.#pollShare;
    if (attributes[ATTRIBUTES.dbSystemName] !== undefined) return FOLLOWED.unsampled;
    if (kind !== SpanKind.CONSUMER || producers.length === 0) return this.#share;
    const anySampled = producers.some(({ context }) => isSampled(context));
    return anySampled ? FOLLOWED.sampled : FOLLOWED.unsampled;
  }
}

/** Whether a span is one of those that are sent to the collector. */
export function isSampled({ traceFlags }: { readonly traceFlags: number }): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
