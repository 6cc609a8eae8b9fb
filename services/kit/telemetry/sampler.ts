import { SpanKind, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Link } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';

/**
 * Decides once for a trace, where it begins: a share of them by their ids. Whatever belongs to it follows, in
 * every process; and the trace that a consumer begins follows those of the producers to which it is linked.
 */
export function headSampler(percent: number): Sampler {
  return new ParentBasedSampler({
    root: new RootSampler(new TraceIdRatioBasedSampler(percent / 100)),
  });
}

const FOLLOWED = { sampled: new AlwaysOnSampler(), unsampled: new AlwaysOffSampler() };

class RootSampler implements Sampler {
  readonly #share: Sampler;

  constructor(share: Sampler) {
    this.#share = share;
  }

  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    return this.#decider(spanKind, links).shouldSample(
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
  #decider(kind: SpanKind, producers: readonly Link[]): Sampler {
    if (kind !== SpanKind.CONSUMER || producers.length === 0) return this.#share;
    const anySampled = producers.some(({ context }) => isSampled(context));
    return anySampled ? FOLLOWED.sampled : FOLLOWED.unsampled;
  }
}

/** Whether a span is one of those that are sent to the collector. */
export function isSampled({ traceFlags }: { readonly traceFlags: number }): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
